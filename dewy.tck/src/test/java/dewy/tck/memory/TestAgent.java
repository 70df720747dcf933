package dewy.tck.memory;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.proxy.Proxy;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeStatus;
import dewy.tck.Fuse;
import dewy.tck.TestApp;
import dewy.tck.memory.host.Engine;
import dewy.tck.memory.host.Software;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An agent with one app, as its runtime and its proxy know it. It can be killed: its {@link #fuse} is in all they reach. */
final class TestAgent {
    /** A container is killed when it is told to stop, so nothing but a drain keeps what is in flight. */
    private static final String RUNTIME = "memory:?replicas=" + Host.REPLICAS + "&drain-time=20s&stop-timeout=0s&";

    private static final String PROXY = "memory:?port=" + Host.LISTENER + "&hold=60s";

    final Fuse fuse = new Fuse();
    private final Host host;
    private final AdoptingProvider<AppRuntime> runtimes;
    private final AdoptingProvider<Proxy> proxies;
    private final TestApp app;
    private final AppContext seen;
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private volatile Proxy proxy;
    private volatile AppRuntime runtime;
    private volatile boolean losesTheWay;

    private TestAgent(Host host, String options) throws DewyException {
        this.host = host;
        runtimes =
                new MemoryRuntimeProvider(fuse.guard(Engine.class, host.engine, "inspect", "list", "ping", "hasImage"));
        proxies = new MemoryProxyProvider(host.planes);
        app = TestApp.in(host.folder)
                .routing(fuse.guard(Router.class, new Way()))
                .keeping(host::keep);
        seen = fuse.guard(AppContext.class, app);
        proxy = begin(proxies, PROXY, TestApp.in(host.folder), Optional.empty());
        try (CancellableCall call = call()) {
            proxy.start(call);
        }
        runtime = begin(runtimes, RUNTIME + options, seen, host.record.map(kept -> kept.with(Map.of())));
    }

    /** Starts an agent, which goes on with what another one left. */
    static TestAgent on(Host host) throws DewyException {
        return on(host, "");
    }

    /** The same, of which the app has more options. */
    static TestAgent on(Host host, String options) throws DewyException {
        return new TestAgent(host, options);
    }

    private static <T extends AutoCloseable> T begin(
            AdoptingProvider<T> provider, String url, AppContext app, Optional<HandoverState> kept)
            throws DewyException {
        try (CancellableCall call = call()) {
            Optional<HandoverState> left = provider.recover(call, PluginUrl.parse(url), app, kept);
            return left.isPresent()
                    ? provider.adopt(PluginUrl.parse(url), app, left.get())
                    : provider.open(PluginUrl.parse(url), app);
        }
    }

    void upgrade(String version) throws DewyException {
        upgrade(version, Software.Manner.SERVING);
    }

    void upgrade(String version, Software.Manner manner) throws DewyException {
        try (CancellableCall call = call()) {
            upgrade(call, version, manner);
        }
    }

    void upgrade(Call call, String version, Software.Manner manner) throws DewyException {
        Artifact artifact = Artifact.image(Host.APP, Host.APP + ":" + version);
        Release release = new Release(version, Optional.empty(), List.of(artifact));
        runtime.activate(call, Activation.of(new Deliverable(release, artifact), host.release(version, manner)));
    }

    /** Upgrades while the proxy cannot be reached any more once the new version is ready. */
    void upgradeInVain(String version) throws DewyException {
        losesTheWay = true;
        try {
            upgrade(version);
        } finally {
            losesTheWay = false;
        }
    }

    void restart() throws DewyException {
        try (CancellableCall call = call()) {
            runtime.restart(call);
        }
    }

    void stop() throws DewyException {
        try (CancellableCall call = call()) {
            runtime.stop(call);
        }
    }

    List<String> replicas() {
        return runtime.status().instances();
    }

    RuntimeStatus status() {
        return runtime.status();
    }

    /** Returns what the app was told to tell. */
    List<TestApp.Told> told() {
        return app.told();
    }

    /** Returns to how many replicas the traffic was led so far, each time that they were more or fewer. */
    List<Integer> sizes() {
        return List.copyOf(sizes);
    }

    void swapRuntime() throws Exception {
        swapRuntime("");
    }

    /** Has another instance take over, of which the app has more options. */
    void swapRuntime(String options) throws Exception {
        runtime = succeed(runtimes, RUNTIME + options, seen, runtime);
    }

    void swapProxy() throws Exception {
        proxy = succeed(proxies, PROXY, TestApp.in(host.folder), proxy);
    }

    /** Ends, and leaves what runs to the next one. */
    void leave() throws Exception {
        try (CancellableCall call = call()) {
            host.record = Optional.of(((Handover) runtime).prepare(call));
            ((Handover) runtime).commit();
            runtime.close();
            HandoverState unused = ((Handover) proxy).prepare(call);
            ((Handover) proxy).commit();
            proxy.close();
        }
    }

    /** Ends one that was killed: what it had of this process is released, and nothing else can be. */
    void bury() throws Exception {
        fuse.blowAfter(0);
        try {
            runtime.close();
        } catch (Fuse.Blown e) {
            // It has no way to end what it ran.
        }
        ((Handover) proxy).commit();
        proxy.close();
    }

    /** Ends with all that it runs. */
    void end() throws Exception {
        runtime.close();
        proxy.close();
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(60));
    }

    private static <T extends AutoCloseable> T succeed(AdoptingProvider<T> provider, String url, AppContext app, T old)
            throws Exception {
        try (CancellableCall call = call()) {
            HandoverState state = ((Handover) old).prepare(call);
            T successor = provider.adopt(PluginUrl.parse(url), app, state);
            ((Handover) old).commit();
            old.close();
            return successor;
        }
    }

    /** The way to whatever instance the proxy has now, as core offers it. */
    private final class Way implements Router {
        @Override
        public List<Listener> listeners() {
            return proxy.listeners();
        }

        @Override
        public void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
            proxy.route(call, sets);
            int size = sets.getOrDefault(Host.LISTENER, List.of()).size();
            if (sizes.isEmpty() || sizes.get(sizes.size() - 1) != size) {
                sizes.add(size);
            }
            if (losesTheWay) {
                losesTheWay = false;
                throw new UnreachableException(new Problem("route", Host.APP, "the proxy is away", ""));
            }
        }

        @Override
        public int drain(Call call, String backend, Duration limit) throws DewyException {
            return proxy.drain(call, backend, limit);
        }
    }
}
