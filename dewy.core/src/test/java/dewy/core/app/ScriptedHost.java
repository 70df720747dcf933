package dewy.core.app;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.Registration;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Authorizing;
import dewy.api.cache.CacheProvider;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppState;
import dewy.api.control.CycleOutcome;
import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.Survivors;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Outlining;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import dewy.api.registry.Reporting;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import dewy.api.runtime.ReplicaStatus;
import dewy.api.runtime.Replicated;
import dewy.api.runtime.RuntimeProvider;
import dewy.api.runtime.RuntimeStatus;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.core.event.EventStream;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A host for one app, with a registry, an artifact source and a runtime that do as they are told, and a clock of its own. */
public final class ScriptedHost implements AutoCloseable {
    final Map<String, Optional<Instant>> published = new HashMap<>();
    final Set<String> failing = new HashSet<>();
    final Map<String, DewyException> hopeless = new HashMap<>();
    /** Those that take until they are not wanted any more. */
    public final Set<String> hanging = ConcurrentHashMap.newKeySet();

    public final CountDownLatch activating = new CountDownLatch(1);
    final Set<String> breaking = new HashSet<>();
    final Set<String> corrupt = new HashSet<>();
    final Set<String> lacking = new HashSet<>();
    /** What lies beside the archives of versions as app.zip.sig. */
    final Map<String, byte[]> signatures = new HashMap<>();

    final Set<String> ambiguous = new HashSet<>();
    final List<String> activated = new CopyOnWriteArrayList<>();
    final List<String> fetched = new CopyOnWriteArrayList<>();
    /** What the registry completed, where it only outlines. */
    final List<String> completed = new CopyOnWriteArrayList<>();

    final List<String> reported = new CopyOnWriteArrayList<>();
    /** How many replicas there were to be, each time that this was waited for. */
    final List<Integer> scaled = new CopyOnWriteArrayList<>();

    final List<AppState> seen = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final Map<String, List<String>> options = new HashMap<>();
    String command = "server";
    /** What the runtime has started, and not ended. */
    public final Set<String> serving = ConcurrentHashMap.newKeySet();

    volatile Optional<String> deploymentOfRestart = Optional.of("none yet");
    final AtomicInteger restarts = new AtomicInteger();
    final CountDownLatch restarting = new CountDownLatch(1);
    public final CountDownLatch stopping = new CountDownLatch(1);
    /** Otherwise a restart takes until it is not wanted any more. */
    volatile boolean startsAtOnce = true;
    /** Otherwise a server goes on until it is killed. */
    public volatile boolean stopsAtOnce = true;

    volatile RuntimeStatus status = status(State.STOPPED, 0);
    volatile Optional<String> remark = Optional.empty();
    /** The registry selects this for the host. */
    volatile Optional<String> selects = Optional.empty();

    /** The registry names its releases only, and completes one when it is asked to. */
    volatile boolean outlines;

    volatile boolean unreachable;
    volatile boolean deaf;
    volatile Runnable whenAsked = () -> {};
    volatile Runnable whenFetched = () -> {};
    /** Then the registry answers no more. */
    volatile boolean silent;

    volatile Duration stopLimit = Duration.ofSeconds(40);
    volatile Duration allowedToStop = Duration.ZERO;
    volatile boolean limited;
    volatile boolean untold;
    /** What becomes of the next messages; those that follow arrive. */
    final Queue<DewyException> refusals = new ConcurrentLinkedQueue<>();

    /** What was asked to be told, and what of it arrived. */
    final List<String> posts = new CopyOnWriteArrayList<>();

    final List<String> posted = new CopyOnWriteArrayList<>();
    volatile Runnable whenNotStarting = () -> {};
    volatile Activated whenActivated = call -> {};
    final AtomicInteger askedForStatus = new AtomicInteger();
    volatile OptionalLong declaredSize = OptionalLong.empty();
    volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    /** What is left of what an earlier agent had running. */
    volatile Survivors survivors = references -> Map.of();

    final List<HandoverState> adopted = new CopyOnWriteArrayList<>();
    volatile Consumer<AppContext> whenOpened = context -> {};
    volatile Recovery recovery = kept -> kept;

    /** Otherwise what it publishes are archives. */
    Optional<ScriptedImages> images = Optional.empty();

    private volatile Duration set = Duration.ZERO;
    private final Path folder;
    private final CacheProvider cache;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final EventStream stream = new EventStream(() -> now, events::add, workers);
    public final OperationList operations = new OperationList(stream, () -> now, () -> nanos(now.minus(set)));
    private Optional<App> app = Optional.empty();

    /** What happens once a release serves, before anybody hears of it. */
    interface Activated {
        void with(Call call) throws DewyException;
    }

    /** How a runtime finds what an earlier agent left. */
    interface Recovery {
        Optional<HandoverState> of(Optional<HandoverState> kept) throws DewyException;
    }

    /** Returns a host of which the app runs images. */
    static ScriptedHost ofImages(Path folder, ScriptedImages images) {
        ScriptedHost host = new ScriptedHost(folder);
        host.command = "container";
        host.options.put("runtime", List.of("test"));
        host.options.put("proxy", List.of("none"));
        host.images = Optional.of(images);
        return host;
    }

    public ScriptedHost(Path folder) {
        this(folder, (url, context) -> FolderCache.in(folder));
    }

    /** @param folder may be on a file system of its own */
    ScriptedHost(Path folder, CacheProvider cache) {
        this.folder = folder;
        this.cache = cache;
        options.put("dir", List.of(folder.resolve("app").toString()));
        options.put("registry", List.of("test:"));
        options.put("cache", List.of("test:"));
        options.put("interval", List.of("1h"));
    }

    /** Returns the app; its cycles run when they are asked for. */
    App app() throws DewyException {
        if (app.isEmpty()) {
            app = Optional.of(factory().create(spec(), Optional.empty()));
        }
        return app.get();
    }

    /** Returns what another agent would do with the app. */
    CycleOutcome foresee() throws DewyException {
        return factory().foresee(spec());
    }

    public AppDefinition definition() {
        return new AppDefinition(command, options, List.of("current/app"));
    }

    private AppSpec spec() throws DewyException {
        AppSpec read = AppSpecReader.read(definition());
        return new AppSpec(
                read.name(),
                read.command(),
                folder.getFileSystem().getPath(read.directory().toString()),
                read.registry(),
                read.artifact(),
                read.cache(),
                read.fleet(),
                read.notifiers(),
                read.proxy(),
                read.runtime(),
                read.rules(),
                read.cycle(),
                read.hooks(),
                read.arguments(),
                read.allowsHttp(),
                read.leavesRunning(),
                read.definition());
    }

    public AppFactory factory() {
        Timing timing = new Timing(() -> now, () -> nanos(now.minus(set)), () -> 0.5, timer, workers);
        return new AppFactory(
                plugins(),
                new Guard(workers, timer, System::nanoTime),
                stream,
                () -> {
                    throw new UnsupportedOperationException();
                },
                () -> survivors,
                new AppFactory.Place("host", "test"),
                timing,
                operations);
    }

    public void publish(String... tags) {
        for (String tag : tags) {
            published.put(tag, Optional.of(now.minus(Duration.ofHours(1))));
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Sets the clock, while no time passes. */
    void setClock(Duration by) {
        set = set.plus(by);
        now = now.plus(by);
    }

    /** Runs a cycle that nobody asks for; returns what it came to. */
    CycleOutcome cycle() throws DewyException {
        app().pluginsChanged();
        app().control().check("test"); // It is done when what was to be done before is.
        return app().status().last().orElseThrow();
    }

    /** Stops the app; it is another one that is asked next. */
    void restart() {
        close();
        app = Optional.empty();
    }

    void crash(int times, State state) {
        status = status(state, times);
    }

    String current() throws IOException {
        return Files.readString(folder.resolve("app/current/version"));
    }

    int folders() throws IOException {
        try (var found = Files.list(folder.resolve("app/releases"))) {
            return (int) found.count();
        }
    }

    List<Event> told(String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }

    @Override
    public void close() {
        app.ifPresent(running -> running.stop("the test goes on"));
    }

    public void end() {
        close();
        timer.shutdownNow();
        workers.shutdownNow();
    }

    private static long nanos(Instant time) {
        return Duration.between(Instant.EPOCH, time).toNanos();
    }

    private static RuntimeStatus status(State state, int crashes) {
        return new RuntimeStatus(
                state, 1, Instant.EPOCH, List.of(), crashes, "it exited with status 1", Optional.empty());
    }

    private static void awaitEnd(Call call) {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration ending = call.onCancel(over::countDown)) {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    byte[] archive(String tag) {
        if (corrupt.contains(tag)) {
            return "no archive at all".getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(entry("version"));
            zip.write(tag.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(entry("bin/app"));
            zip.write(("app " + tag).repeat(100).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** An archive is the same whenever it is fetched. */
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
        return entry;
    }

    private final class OutliningRegistry extends ScriptedRegistry implements Outlining {
        @Override
        public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
            Poll poll = super.poll(call, cursor);
            return poll.releases().isEmpty()
                    ? poll
                    : Poll.changed(
                            poll.releases().get().stream()
                                    .map(release -> new Release(release.tag(), Optional.empty(), List.of()))
                                    .toList(),
                            poll.cursor());
        }

        @Override
        public Release complete(Call call, Release outline) {
            completed.add(outline.tag());
            return new Release(
                    outline.tag(), published.getOrDefault(outline.tag(), Optional.empty()), artifacts(outline.tag()));
        }
    }

    private class ScriptedRegistry implements Registry, Reporting {
        final List<Artifact> artifacts(String tag) {
            if (ambiguous.contains(tag)) {
                return List.of(artifact(tag), Artifact.archive("tool.zip", tag));
            }
            if (signatures.containsKey(tag)) {
                return List.of(artifact(tag), Artifact.archive("app.zip.sig", tag));
            }
            return lacking.contains(tag) ? List.of() : List.of(artifact(tag));
        }

        private Artifact artifact(String tag) {
            if (images.isPresent()) {
                return images.get().artifact(tag);
            }
            Artifact artifact = Artifact.archive("app.zip", tag);
            return declaredSize.isPresent() ? artifact.withSize(declaredSize.getAsLong()) : artifact;
        }

        @Override
        public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
            if (silent) {
                awaitEnd(call);
                call.check();
            }
            whenAsked.run();
            if (limited) {
                throw new RateLimitedException(
                        new Problem("ask the registry", "", "for the test", ""), now.plus(Duration.ofHours(1)));
            }
            if (unreachable) {
                throw new UnreachableException(new Problem("ask the registry", "", "for the test", ""));
            }
            List<Release> releases = new ArrayList<>();
            published.forEach((tag, created) -> releases.add(new Release(tag, created, artifacts(tag))));
            Cursor here = new Cursor(published.toString() + remark + selects);
            Poll changed = selects.map(
                            tag -> Poll.changed(List.of(selected(tag)), here).selectedForHost())
                    .orElseGet(() -> Poll.changed(releases, here));
            return cursor.equals(Optional.of(here))
                    ? Poll.unchanged(here)
                    : remark.map(changed::remark).orElse(changed);
        }

        private Release selected(String tag) {
            return new Release(tag, Optional.empty(), List.of(Artifact.archive("windows-only.zip", tag)));
        }

        @Override
        public void report(Call call, DeploymentReport report) throws DewyException {
            hear(report.deliverable().release().tag());
        }

        @Override
        public void reportFailure(Call call, DeploymentReport report) throws DewyException {
            hear(report.deliverable().release().tag() + ": " + report.error().orElseThrow());
        }

        private void hear(String what) throws DewyException {
            if (deaf) {
                throw new UnreachableException(new Problem("report to the registry", "", "for the test", ""));
            }
            reported.add(what);
        }

        @Override
        public void close() {}
    }

    private final class ScriptedSource implements ArtifactSource, Authorizing {
        @Override
        public Optional<RegistryLogin> login(Call call, Artifact image) {
            return images.orElseThrow().login(image);
        }

        @Override
        public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
                throws DewyException {
            String tag = deliverable.release().tag();
            if (deliverable.artifact().name().endsWith(".sig")) {
                return stream(Objects.requireNonNull(signatures.get(tag)));
            }
            fetched.add(tag);
            whenFetched.run();
            if (breaking.contains(tag)) {
                throw new StorageException(new Problem("read " + tag, "", "for the test", ""));
            }
            return stream(archive(tag));
        }

        private static ArtifactStream stream(byte[] bytes) {
            return new ArtifactStream(
                    new ByteArrayInputStream(bytes), 0, OptionalLong.of(bytes.length), Optional.empty());
        }

        @Override
        public void close() {}
    }

    private class ScriptedRuntime implements AppRuntime {
        @Override
        public void prepare(Call call, Activation activation) throws DewyException {
            Optional<DewyException> known = Optional.ofNullable(
                    hopeless.get(activation.deliverable().release().tag()));
            if (known.isPresent()) {
                throw known.get();
            }
        }

        @Override
        public void activate(Call call, Activation activation) throws DewyException {
            String tag = activation.deliverable().release().tag();
            activated.add(tag);
            images.ifPresent(store -> store.run(activation));
            if (hanging.contains(tag)) {
                activating.countDown();
                awaitEnd(call);
                call.check();
            }
            if (failing.contains(tag)) {
                whenNotStarting.run();
                throw new ApplicationException(new Problem("start", tag, "it exited at once", ""));
            }
            serving.add(tag);
            crash(0, State.RUNNING);
            whenActivated.with(call);
        }

        @Override
        public void restart(Call call) throws DewyException {
            String next = "restart " + restarts.incrementAndGet();
            deploymentOfRestart = call.deployId();
            serving.add(next);
            restarting.countDown();
            if (!startsAtOnce) {
                awaitEnd(call);
                serving.remove(next);
                call.check();
            }
        }

        @Override
        public RuntimeStatus status() {
            askedForStatus.incrementAndGet();
            return status;
        }

        @Override
        public Duration stopLimit() {
            return stopLimit;
        }

        @Override
        public void stop(Call call) {
            allowedToStop = call.remaining();
            stopping.countDown();
            if (!stopsAtOnce) {
                awaitEnd(call);
            }
            serving.clear();
        }

        @Override
        public void close() {}
    }

    private final class ScriptedImageRuntime extends ScriptedRuntime implements ImageStore, Replicated {
        private final ScriptedImages store;
        private final int replicas;

        ScriptedImageRuntime(ScriptedImages store, int replicas) {
            this.store = store;
            this.replicas = replicas;
        }

        @Override
        public List<ReplicaStatus> replicas(Call call) {
            return IntStream.range(0, replicas)
                    .mapToObj(i -> new ReplicaStatus(
                            "app-" + i,
                            "",
                            "v1.0.0",
                            "",
                            ReplicaStatus.State.RUNNING,
                            Optional.empty(),
                            Map.of(),
                            0,
                            Optional.empty()))
                    .toList();
        }

        @Override
        public void complete(Call call) throws DewyException {
            if (failing.contains("a replica")) {
                throw new ApplicationException(new Problem("start", "a replica", "it exited at once", ""));
            }
            scaled.add(replicas);
        }

        @Override
        public String pull(Call call, Deliverable deliverable, Optional<RegistryLogin> login) throws DewyException {
            return store.pull(deliverable, login);
        }

        @Override
        public boolean holds(Call call, String image) {
            return store.held.contains(image);
        }

        @Override
        public List<String> remove(Call call, Collection<String> unwanted) {
            return store.remove(unwanted);
        }
    }

    private final class ScriptedRuntimes implements RuntimeProvider {
        @Override
        public Optional<HandoverState> recover(
                Call call, PluginUrl url, AppContext context, Optional<HandoverState> kept) throws DewyException {
            return recovery.of(kept.filter(state -> !state.resources().isEmpty()));
        }

        @Override
        public AppRuntime open(PluginUrl url, AppContext context) throws InvalidException {
            whenOpened.accept(context);
            return "container".equals(command)
                    ? new ScriptedImageRuntime(images.orElseThrow(), replicas(url))
                    : new ScriptedRuntime();
        }

        private int replicas(PluginUrl url) throws InvalidException {
            Parameters parameters = Parameters.of(url);
            int replicas = (int) parameters.number("replicas", 1, 100, 1);
            parameters.finish();
            return replicas;
        }

        @Override
        public AppRuntime adopt(PluginUrl url, AppContext context, HandoverState state) throws InvalidException {
            adopted.add(state);
            return open(url, context);
        }
    }

    private final class ScriptedNotifier implements Notifier {
        @Override
        public void send(Call call, Notification notification) throws DewyException {
            if (untold) {
                throw new InvalidException(new Problem("post", "", "no such channel", ""));
            }
            posts.add(notification.text());
            DewyException refusal = refusals.poll();
            if (refusal != null) {
                throw refusal;
            }
            posted.add(notification.text());
        }

        @Override
        public void close() {}
    }

    private PluginDirectory plugins() {
        return FixedPlugins.of(Map.of(
                PluginKind.REGISTRY,
                (RegistryProvider) (url, context) -> outlines ? new OutliningRegistry() : new ScriptedRegistry(),
                PluginKind.ARTIFACT,
                (ArtifactProvider) (url, context) -> new ScriptedSource(),
                PluginKind.CACHE,
                cache,
                PluginKind.NOTIFIER,
                (NotifierProvider) (url, context) -> new ScriptedNotifier(),
                PluginKind.RUNTIME,
                new ScriptedRuntimes()));
    }
}
