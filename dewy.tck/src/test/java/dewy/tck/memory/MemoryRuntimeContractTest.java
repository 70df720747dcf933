package dewy.tck.memory;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.process.Inheritable;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.tck.Await;
import dewy.tck.ImageStoreContract;
import dewy.tck.ReplicatedContract;
import dewy.tck.RoutingContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.MemoryEngine;
import dewy.tck.memory.host.Software;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The contracts of runtimes, of those that move traffic, and of those that run images, with one that keeps them. */
class MemoryRuntimeContractTest extends RoutingContract implements ImageStoreContract, ReplicatedContract {
    private final MemoryEngine engine = new MemoryEngine();
    private final MemoryRuntimeProvider provider = new MemoryRuntimeProvider(engine);
    private final AtomicInteger builds = new AtomicInteger();
    private Software.Manner manner = Software.Manner.SERVING;
    private boolean missing;

    @Override
    public Provider<AppRuntime> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "memory:?replicas=2" + strategy();
    }

    /** Returns the parameters by which replicas are exchanged. */
    String strategy() {
        return "";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("memory:?max-surge=0&max-unavailable=0", "max-surge"),
                WrongUrl.of("memory:?strategy=red&keep-blue=5m", "strategy", "keep-blue"),
                WrongUrl.of(
                        "memory:?strategy=blue-green&max-surge=1&max-unavailable=0&keep-blue=soon",
                        "max-surge",
                        "max-unavailable",
                        "keep-blue"),
                WrongUrl.of(
                        "memory:?replicas=0&max-surge=none&max-unavailable=101&ready-timeout=soon&drain-time=x&stop-timeout=2d"
                                + "&max-restarts=-1",
                        "replicas",
                        "max-surge",
                        "max-unavailable",
                        "ready-timeout",
                        "drain-time",
                        "stop-timeout",
                        "max-restarts"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, ApplicationException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, ApplicationException.class);
    }

    @Override
    public void befall(Trouble trouble) {
        switch (trouble) {
            case DOWN -> engine.setDown(true);
            case HANGING -> manner = Software.Manner.NEVER_READY;
            case MISSING -> missing = true;
            case LYING -> manner = Software.Manner.EXITING;
            default -> throw new AssertionError(trouble);
        }
    }

    @Override
    public void awaitHanging() {
        Await.until("a container", () -> engine.containers().stream().anyMatch(Container::isRunning));
    }

    @Override
    public long asked() {
        return engine.asked();
    }

    /** The engine is not part of the host: core finds nothing of it. */
    @Override
    public Map<String, Inheritable> survivors(Map<String, Inheritable> kept) {
        return Map.of();
    }

    @Override
    public boolean findsByItself() {
        return true;
    }

    @Override
    protected Activation activation(String tag) {
        return activation(tag, manner);
    }

    @Override
    public Activation replicable(String tag) throws Exception {
        return activation(tag);
    }

    @Override
    protected Activation broken(String tag) {
        return activation(tag, Software.Manner.EXITING);
    }

    private Activation activation(String tag, Software.Manner how) {
        String image = engine.publish("web", tag, Software.of(tag).with(how));
        if (!missing) {
            engine.install(image);
        }
        return Activation.of(deliverable(tag), image);
    }

    @Override
    protected boolean isRunning(String instance) {
        return engine.containers().stream()
                .anyMatch(container -> container.id().equals(instance) && container.isRunning());
    }

    @Override
    protected void crash(String instance) {
        engine.crash(instance);
    }

    @Override
    public String publish(String tag) {
        return engine.publish("web", tag, Software.of("build-" + builds.incrementAndGet()));
    }

    @Override
    public String place(String tag) {
        return "web:" + tag;
    }

    @Override
    public void damage(String image) {
        engine.damage(image);
    }

    @Override
    public AutoCloseable runElsewhere(String image) throws DewyException {
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
            String id = engine.create(call, image, Map.of(), Map.of("owner", "somebody else"));
            engine.start(call, id);
            return () -> {
                try (CancellableCall removing = CancellableCall.of("test", Duration.ofSeconds(30))) {
                    engine.remove(removing, id);
                }
            };
        }
    }
}
