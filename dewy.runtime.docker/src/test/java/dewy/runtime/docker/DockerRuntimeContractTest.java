package dewy.runtime.docker;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.process.Inheritable;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.Owner;
import dewy.http.Environment;
import dewy.runtime.docker.TestImages.Manner;
import dewy.tck.Await;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageStoreContract;
import dewy.tck.ReplicatedContract;
import dewy.tck.RoutingContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The contracts of runtimes, of those that move traffic, and of those that run images, with a real engine. Most of their time an
 * engine takes networks apart, so several are tried at once.
 */
@Execution(ExecutionMode.CONCURRENT)
class DockerRuntimeContractTest extends RoutingContract implements ImageStoreContract, ReplicatedContract {
    private static final String NOWHERE = "unix:///nonexistent/docker.sock";
    private static final AtomicInteger REPOSITORIES = new AtomicInteger();

    private final String repository = "web" + REPOSITORIES.incrementAndGet();

    private String address = NOWHERE;
    private Optional<Engine> engine = Optional.empty();
    private Manner manner = Manner.SERVING;
    private boolean missing;

    private final Environment environment =
            name -> name.equals("DOCKER_HOST") ? Optional.of(address) : Optional.empty();
    private final DockerRuntimeProvider provider = new DockerRuntimeProvider(environment, Engine::new);

    @BeforeEach
    void findEngine() throws Exception {
        address = ContainerEngine.shared().address();
        engine = Optional.of(TestImages.engine());
    }

    @AfterEach
    void removeContainers() throws Exception {
        try (CancellableCall call = TestImages.call()) {
            for (Container left : engine().list(call, Owner.of(app()).labels("app"))) {
                remove(call, left.name());
            }
        }
    }

    private void remove(CancellableCall call, String name) throws DewyException {
        try {
            engine().remove(call, name);
        } catch (NotFoundException e) {
            call.check(); // The runtime was about to.
        }
    }

    @Override
    public Provider<AppRuntime> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "docker:?health-path=/&probe-interval=20ms&stop-timeout=2s";
    }

    @Override
    public int rounds() {
        return 6;
    }

    /** It is the engine that kills what never served, and it has more to do beside that. */
    @Override
    public Duration delay() {
        return Duration.ofSeconds(10);
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of(
                        "docker:?replicas=0&container-port=x&health-path=here&health-timeout=soon&probe-interval=1ms"
                                + "&probe-timeout=y&probe-attempts=-1&drain-time=x&stop-timeout=2d&max-surge=-1"
                                + "&max-unavailable=101&max-restarts=-1&port=80&log-size=1KB",
                        "replicas",
                        "container-port",
                        "health-path",
                        "health-timeout",
                        "probe-interval",
                        "probe-timeout",
                        "probe-attempts",
                        "drain-time",
                        "stop-timeout",
                        "max-surge",
                        "max-unavailable",
                        "max-restarts",
                        "port",
                        "log-size"),
                WrongUrl.of("docker:?max-surge=0&max-unavailable=0", "max-surge"));
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
            case DOWN -> address = NOWHERE;
            case HANGING -> manner = Manner.NEVER_READY;
            case MISSING -> missing = true;
            case LYING -> manner = Manner.EXITING;
            default -> throw new AssertionError(trouble);
        }
    }

    @Override
    public void awaitHanging() {
        Await.until("a container", () -> {
            try (CancellableCall call = TestImages.call()) {
                return engine().list(call, Owner.of(app()).labels("app")).stream()
                        .anyMatch(Container::isRunning);
            }
        });
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
    protected Activation activation(String tag) throws Exception {
        Activation there = TestImages.activation(tag, manner);
        String nowhere = there.image().orElseThrow().replaceFirst("@.*", "@sha256:" + "0".repeat(64));
        return missing ? Activation.of(there.deliverable(), nowhere) : there;
    }

    @Override
    public Activation replicable(String tag) throws Exception {
        return activation(tag);
    }

    @Override
    protected Activation broken(String tag) throws Exception {
        return TestImages.activation(tag, Manner.EXITING);
    }

    @Override
    protected boolean isRunning(String instance) {
        try (CancellableCall call = TestImages.call()) {
            return engine().inspect(call, instance).isRunning();
        } catch (NotFoundException e) {
            return false;
        } catch (DewyException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected void crash(String instance) throws Exception {
        ContainerEngine.shared().docker("kill", instance);
    }

    @Override
    public String publish(String tag) throws IOException {
        return TestImages.publish(repository, tag, TestImages.config(Manner.SERVING));
    }

    @Override
    public String place(String tag) {
        try {
            return TestImages.registry().host() + "/" + repository + ":" + tag;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void damage(String image) throws IOException {
        TestImages.registry().damage(image);
    }

    @Override
    public AutoCloseable runElsewhere(String image) throws Exception {
        try (CancellableCall call = TestImages.call()) {
            engine().create(call, "somebody-elses", image, it -> it.withLabels(Map.of("owner", "somebody else")));
            engine().start(call, "somebody-elses");
            return () -> {
                try (CancellableCall removing = TestImages.call()) {
                    engine().remove(removing, "somebody-elses");
                }
            };
        }
    }

    private Engine engine() {
        return engine.orElseThrow();
    }
}
