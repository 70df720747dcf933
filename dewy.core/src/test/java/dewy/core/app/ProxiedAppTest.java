package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.cache.CacheProvider;
import dewy.api.control.AppDefinition;
import dewy.api.control.CycleOutcome;
import dewy.api.plugin.Provider;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.api.route.Backend;
import dewy.core.event.EventStream;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import dewy.core.plugin.PluginKind;
import dewy.tck.Await;
import dewy.tck.memory.MemoryProxyProvider;
import dewy.tck.memory.MemoryRuntimeProvider;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.DataPlanes;
import dewy.tck.memory.host.MemoryEngine;
import dewy.tck.memory.host.Software;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An app of containers behind a proxy, with an engine and a data plane that outlive its agent. */
@Tag("long")
@Timeout(120)
class ProxiedAppTest {
    private static final int REPLICAS = 3;

    private final MemoryEngine engine = new MemoryEngine();
    private final DataPlanes planes = new DataPlanes();
    private final List<String> published = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> options = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        enough.set(true);
        timer.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void losesNoRequestByUpgradesWaysBackNewOptionsAndNewAgents() throws Exception {
        upgrade(10);
    }

    @Test
    @Tag("trial")
    @Timeout(900)
    void losesNoRequestInALongRun() throws Exception {
        upgrade(100);
    }

    @Test
    void goesBackToWhatIsKeptWithoutStartingAContainer() throws Exception {
        options.put("strategy", List.of("blue-green"));
        App app = begin();
        deploy(app, "v1.0.0", Software.Manner.SERVING);
        deploy(app, "v2.0.0", Software.Manner.SERVING);
        List<Container> all = engine.containers();
        assertThat(all).hasSize(2 * REPLICAS);
        Thread load = load();
        app.control().rollback(Optional.empty(), "test");
        Await.until("v1.0.0", () -> routed().equals(ids(all.subList(0, REPLICAS))));
        assertThat(ids(engine.containers())).isEqualTo(ids(all));
        enough.set(true);
        load.join();
        assertThat(lost).isEmpty();
        app.stop("the test is over");
        assertThat(engine.containers()).isEmpty();
    }

    private List<String> routed() {
        return planes.find("web").orElseThrow().backends("127.0.0.1:0").stream()
                .map(Backend::id)
                .toList();
    }

    private static List<String> ids(List<Container> containers) {
        return containers.stream().map(Container::id).toList();
    }

    private void upgrade(int rounds) throws Exception {
        App app = begin();
        assertThat(planes.size())
                .as("listens before there is anything to serve")
                .isEqualTo(1);
        deploy(app, "v0.0.0", Software.Manner.SERVING);
        Thread load = load();
        for (int round = 1; round <= rounds; round++) {
            deploy(app, "v" + round + ".0.0", Software.Manner.SERVING);
            awaitNothingBut("v" + round + ".0.0");
            CycleOutcome bad = deploy(app, "v" + round + ".1.0", Software.Manner.EXITING);
            assertThat(bad.outcome()).isEqualTo(CycleOutcome.Kind.FAILED);
            assertThat(app.status().quarantined()).containsKey("v" + round + ".1.0");
            switch (round % 3) {
                case 0 -> {
                    app.endWithAgent("the agent is stopped");
                    app = begin();
                }
                case 1 -> app = change(app, "drain-time", round + "s");
                default -> {
                    app.control().rollback(Optional.empty(), "test");
                    awaitNothingBut("v" + (round - 1) + ".0.0");
                    app.control().unpin("test");
                }
            }
            awaitNothingBut("v" + round + ".0.0");
        }
        enough.set(true);
        load.join();
        assertThat(lost).as("what was lost beside %s", answered).isEmpty();
        assertThat(answered.get()).isGreaterThan(rounds);
        app.stop("the test is over");
        assertThat(engine.containers()).isEmpty();
        assertThat(planes.size()).isZero();
    }

    private CycleOutcome deploy(App app, String tag, Software.Manner manner) throws DewyException {
        engine.install(engine.publish("web", tag, Software.of(tag).with(manner)));
        published.add(tag);
        return app.control().deploy("test");
    }

    /** The generation before ends in its own time. */
    private void awaitNothingBut(String tag) {
        List<String> wanted = Collections.nCopies(REPLICAS, tag);
        Await.until(() -> "that nothing but " + tag + " runs: there are " + versions(), () -> versions()
                .equals(wanted));
    }

    private List<String> versions() {
        return engine.containers().stream()
                .filter(Container::isRunning)
                .map(container -> container.labels().get("dewy.version"))
                .toList();
    }

    private App begin() throws DewyException {
        options.putAll(Map.of(
                "dir", List.of(folder.resolve("app").toString()),
                "name", List.of("web"),
                "registry", List.of("test:"),
                "cache", List.of("test:"),
                "runtime", List.of("test"),
                "proxy", List.of("test"),
                "port", List.of("127.0.0.1:0"),
                "replicas", List.of(Integer.toString(REPLICAS)),
                "interval", List.of("1h"),
                "leave-running", List.of("true")));
        App app = factory().create(spec(), Optional.empty());
        app.start("test");
        app.control().check("test"); // It is done when what was to be done before is.
        return app;
    }

    private App change(App before, String option, String value) throws DewyException {
        options.put(option, List.of(value));
        App after = factory().create(spec(), Optional.of(before.retire("it is changed")));
        after.goOnAfter(before);
        after.control().check("test");
        return after;
    }

    private AppSpec spec() throws DewyException {
        return AppSpecReader.read(new AppDefinition("container", options, List.of()));
    }

    private AppFactory factory() {
        Map<PluginKind<?>, Provider<?>> plugins = Map.of(
                PluginKind.REGISTRY, (RegistryProvider) (url, app) -> new Announcements(),
                PluginKind.ARTIFACT, (ArtifactProvider) (url, app) -> new NoArchives(),
                PluginKind.CACHE, (CacheProvider) (url, app) -> FolderCache.in(folder),
                PluginKind.RUNTIME, new MemoryRuntimeProvider(engine),
                PluginKind.PROXY, new MemoryProxyProvider(planes));
        EventStream stream = new EventStream(InstantSource.system(), event -> {}, workers);
        return new AppFactory(
                FixedPlugins.of(plugins),
                new Guard(workers, timer, System::nanoTime),
                stream,
                () -> {
                    throw new AssertionError("there are no hooks");
                },
                () -> references -> Map.of(), // No resource is a process or a socket of this host.
                new AppFactory.Place("host", "test"),
                new Timing(InstantSource.system(), System::nanoTime, () -> 0.5, timer, workers),
                new OperationList(stream, InstantSource.system(), System::nanoTime));
    }

    private Thread load() {
        int port = planes.find("web").orElseThrow().listeners().get(0).address().port();
        Thread client = new Thread(() -> {
            while (!enough.get()) {
                try {
                    ask(port);
                    answered.incrementAndGet();
                } catch (IOException e) {
                    lost.add(e.toString());
                }
            }
        });
        client.start();
        return client;
    }

    private static void ask(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            String question = "GET /slow/5 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("this is no answer: \"" + answer + "\"");
            }
        }
    }

    /** Announces images by their tags. */
    private final class Announcements implements Registry {
        @Override
        public Poll poll(Call call, Optional<Cursor> cursor) {
            List<Release> releases = published.stream()
                    .map(tag -> new Release(tag, Optional.empty(), List.of(image(tag))))
                    .toList();
            return Poll.changed(releases, new Cursor(published.toString()));
        }

        private static Artifact image(String tag) {
            return Artifact.image("web", "web:" + tag);
        }

        @Override
        public void close() {}
    }

    /** Images come from the engine. */
    private static final class NoArchives implements ArtifactSource {
        @Override
        public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator) {
            throw new AssertionError("an image was fetched as an archive");
        }

        @Override
        public void close() {}
    }
}
