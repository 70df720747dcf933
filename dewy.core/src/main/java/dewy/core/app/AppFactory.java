package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.control.CycleOutcome;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.Processes;
import dewy.api.process.Survivors;
import dewy.archive.ArchiveExtractor;
import dewy.core.capsule.CapsuleFolder;
import dewy.core.capsule.Investigator;
import dewy.core.cycle.Cycles;
import dewy.core.cycle.Pass;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppJournal;
import dewy.core.journal.Journal;
import dewy.core.journal.WholeFile;
import dewy.core.notify.Notifications;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Puts an app together: its lock, its journal, its plugins, its cycle. */
public final class AppFactory {
    private final PluginDirectory plugins;
    private final EventStream events;
    private final Supplier<Processes> processes;
    private final Supplier<Survivors> survivors;
    private final Takeover takeover;
    private final Place here;
    private final Timing timing;
    private final Guard guard;
    private final OperationList operations;

    /**
     * Where apps are.
     *
     * @param host the name of this host
     * @param agentVersion the version of the agent, for people
     */
    public record Place(String host, String agentVersion) {}

    public AppFactory(
            PluginDirectory plugins,
            Guard guard,
            EventStream events,
            Supplier<Processes> processes,
            Supplier<Survivors> survivors,
            Place place,
            Timing timing,
            OperationList operations) {
        this.plugins = plugins;
        this.events = events;
        this.processes = processes;
        this.survivors = survivors;
        this.takeover = new Takeover(survivors);
        this.here = place;
        this.timing = timing;
        this.guard = guard;
        this.operations = operations;
    }

    /**
     * Checks all that can be checked without touching anything.
     *
     * @throws InvalidException if anything is wrong with an app, nobody answers to a scheme, or a URL is wrong: naming all
     *     of that
     */
    public AppSpec check(AppDraft draft) throws InvalidException {
        AppSpec spec = draft.spec();
        EventScope scope = events.scope(spec.name());
        try (AppPlugins slots = trial(spec, scope)) {
            draft.require(AppCheck.faults(draft, slots));
        }
        return spec;
    }

    /**
     * Requires that nobody else has the directory of an app that this agent does not have.
     *
     * @throws InvalidException if another agent has it
     */
    public void requireFree(AppSpec spec) throws InvalidException, StorageException {
        AppLock.requireFree(stateDirectory(spec));
    }

    /**
     * Returns the app, not yet started. What was acquired for it is released when it is stopped, or when this throws; what
     * an earlier app of the same directory has handed over is then still the caller's.
     *
     * @param inherited what an earlier app of this agent has handed over; where there was none, what an earlier agent left is
     *     looked for
     */
    public App create(AppSpec spec, Optional<Running> inherited) throws DewyException {
        Deque<AutoCloseable> acquired = new ArrayDeque<>();
        try {
            return create(spec, inherited, acquired);
        } catch (DewyException | RuntimeException e) {
            release(acquired);
            throw e;
        }
    }

    private App create(AppSpec spec, Optional<Running> inherited, Deque<AutoCloseable> acquired) throws DewyException {
        Path state = stateDirectory(spec);
        createFolder(spec, state);
        acquired.push(AppLock.take(state));
        EventScope scope = events.scope(spec.name());
        RunningFile proxied = running(spec, "running-proxy", "a proxy", spec.proxy());
        RunningFile run = running(spec, "running", "a server", spec.runtime());
        AtomicReference<Runnable> inspection = new AtomicReference<>(() -> {});
        AppPlace place = place(
                spec, scope, () -> Objects.requireNonNull(inspection.get()).run());
        Journal file = Journal.open(state.resolve("journal"), timing.clock());
        file.damage().ifPresent(damage -> scope.publish(EventKind.JOURNAL_REPAIRED, damage.told(file.file())));
        AppJournal journal = new AppJournal(file, spec.fingerprint());
        AppSpec scaled = spec.scaled(journal.memory().scaled());
        AppPlugins slots = AppPlugins.empty(scaled, place, proxied, run, making(scope));
        ReleaseDirectory releases = new ReleaseDirectory(spec.directory(), new ArchiveExtractor(), timing.clock());
        releases.recover();
        boolean isFirst = inherited.isEmpty();
        Optional<RunningFile.Found> proxy = isFirst ? proxied.read(scope) : Optional.empty();
        Optional<RunningFile.Found> found = isFirst ? run.read(scope) : Optional.empty();
        Running running =
                isFirst ? recover(slots, own(proxy, spec.proxy()), own(found, spec.runtime())) : inherited.get();
        try {
            // Whoever is plugged in writes down what it has running over what the others left.
            endOthers(PluginKind.RUNTIME, place, run, found, spec.runtime());
            endOthers(PluginKind.PROXY, place, proxied, proxy, spec.proxy());
            slots.fill(running);
        } catch (DewyException | RuntimeException e) {
            if (isFirst) {
                running.letGo();
            }
            throw e;
        }
        acquired.push(slots);
        Cycles cycles = cycles(spec, slots, true, journal, releases);
        Notifications notifications = Notifications.start(
                spec.name(), spec.notifiers(), slots.notifiers(), events, scope, timing.clock(), timing.random());
        acquired.push(notifications);
        Investigator investigator = new Investigator(
                spec.name(),
                spec.definition(),
                new CapsuleFolder(state),
                state.resolve("log"),
                slots::uses,
                system(spec),
                timing.clock());
        AppParts parts = new AppParts(spec, slots, journal, scope, timing, operations, investigator);
        App app = new App(parts, cycles, notifications, () -> release(acquired));
        if (found.filter(run::isOutdated).isPresent()) {
            app.renewAtStart();
        }
        inspection.set(app::inspect);
        journal.forgetFormerScale();
        return app;
    }

    /** Finds what an earlier agent left, before anything is plugged in: traffic first, then what it leads to. */
    private Running recover(AppPlugins slots, Optional<RunningFile.Found> proxied, Optional<RunningFile.Found> run)
            throws DewyException {
        Optional<HandoverState> proxy = Optional.empty();
        if (slots.router().isPresent()) {
            proxy = takeover.of(slots.router().get().slot(), proxied);
        }
        try {
            Optional<HandoverState> served = Optional.empty();
            if (slots.runtime().isPresent()) {
                served = takeover.of(slots.runtime().get(), run);
            }
            return new Running(proxy, served);
        } catch (DewyException | RuntimeException e) {
            new Running(proxy, Optional.empty()).letGo();
            throw e;
        }
    }

    private static RunningFile running(AppSpec spec, String name, String what, Optional<PluginUrl> plugin) {
        String scheme = plugin.map(PluginUrl::scheme).orElse("");
        return new RunningFile(stateDirectory(spec), name, what, scheme, spec.fingerprint());
    }

    private static Optional<RunningFile.Found> own(Optional<RunningFile.Found> found, Optional<PluginUrl> plugin) {
        return found.filter(
                left -> plugin.filter(url -> left.isOf(url.scheme())).isPresent());
    }

    /** What was left is another plugin's where the app was changed while no agent ran: it must not serve beside what comes. */
    private void endOthers(
            PluginKind<?> kind,
            AppPlace place,
            RunningFile file,
            Optional<RunningFile.Found> found,
            Optional<PluginUrl> plugin)
            throws DewyException {
        if (found.isEmpty() || own(found, plugin).isPresent()) {
            return;
        }
        EventScope scope = events.scope(place.name());
        PluginUrl former = new PluginUrl(found.get().plugin(), "", "", Map.of());
        takeover.end(making(scope).slot(kind, former, place), found.get(), scope);
        file.forget();
    }

    /**
     * Returns what the first cycle of an app would come to, without touching anything; the app may be another agent's.
     *
     * @throws InvalidException if nobody answers to a scheme, or a URL is wrong
     */
    public CycleOutcome foresee(AppSpec spec) throws DewyException {
        EventScope scope = events.scope(spec.name());
        Journal file = Journal.look(stateDirectory(spec).resolve("journal"), timing.clock());
        AppJournal journal = new AppJournal(file, spec.fingerprint());
        ReleaseDirectory releases = new ReleaseDirectory(spec.directory(), new ArchiveExtractor(), timing.clock());
        try (AppPlugins slots = trial(spec, scope)) {
            slots.fill(Running.NOTHING);
            // What runs is not looked at: it may be another agent's.
            Cycles cycles = cycles(spec, slots, false, journal, releases);
            CancellableCall call = CancellableCall.of(
                            spec.name(),
                            Optional.empty(),
                            spec.cycle().deployTimeout(),
                            timing.nanoTime(),
                            (what, done, total) -> {})
                    .expiredBy(timing.timer());
            try (call) {
                return cycles.manual()
                        .check(new Pass(call, scope, true, step -> {}))
                        .outcome(timing.clock().instant());
            }
        }
    }

    private Cycles cycles(AppSpec spec, AppPlugins slots, boolean runs, AppJournal journal, ReleaseDirectory releases) {
        Cycles.Plan plan = new Cycles.Plan(
                spec.name(),
                spec.command(),
                here.host(),
                spec.directory(),
                stateDirectory(spec),
                spec.rules(),
                spec.fleet(),
                spec.cycle(),
                spec.hooks());
        Cycles.Plugins used = new Cycles.Plugins(
                slots.registry(),
                slots.artifact(),
                slots.cache(),
                // What is only foreseen leaves no trace with other hosts.
                slots.store().filter(store -> runs),
                slots.router().filter(router -> runs),
                slots.runtime().filter(runtime -> runs));
        Cycles.Time time = new Cycles.Time(timing.clock(), timing.nanoTime(), timing.random());
        EventScope scope = events.scope(spec.name());
        HookFile hook = new HookFile(running(spec, "running-hook", "a hook", Optional.empty()), scope, survivors);
        return new Cycles(plan, used, journal, releases, processes, hook, scope, time);
    }

    /** Returns the slots of an app that is only tried: nothing of it is kept. */
    private AppPlugins trial(AppSpec spec, EventScope scope) {
        AppPlace place = place(spec, scope, () -> {});
        return AppPlugins.empty(spec, place, AppPlace.NOTHING_KEPT, AppPlace.NOTHING_KEPT, making(scope));
    }

    private AppPlugins.Making making(EventScope scope) {
        return new AppPlugins.Making(plugins, scope, guard, timing.nanoTime());
    }

    private AppPlace place(AppSpec spec, EventScope scope, Runnable inspection) {
        return new AppPlace(
                spec.name(),
                spec.command(),
                here.host(),
                spec.directory(),
                stateDirectory(spec),
                spec.arguments(),
                spec.allowsHttp(),
                spec.rules().artifacts().name(),
                plugins,
                scope,
                AppPlace.NOTHING_KEPT,
                Optional.empty(),
                inspection);
    }

    /** Returns what the app runs on, for whoever is to find out why it failed. */
    private Map<String, String> system(AppSpec spec) {
        Map<String, String> system = new LinkedHashMap<>();
        system.put("dewy", here.agentVersion());
        system.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        system.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        system.put("arch", System.getProperty("os.arch"));
        system.put("host", here.host());
        system.put("user", System.getProperty("user.name"));
        system.put("directory", spec.directory().toString());
        return system;
    }

    private static Path stateDirectory(AppSpec spec) {
        return spec.directory().resolve(".dewy");
    }

    private static void createFolder(AppSpec spec, Path state) throws StorageException {
        try {
            createDurably(state.resolve("log"));
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of(
                            "use the app directory",
                            spec.directory(),
                            String.valueOf(e.getMessage()),
                            "Check that it is a folder that the agent may write to"),
                    e);
        }
    }

    /** Creates a folder, with those above it that are missing, so that what is forced to the disk in it is found there. */
    private static void createDurably(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            createDurably(parent);
            Files.createDirectories(folder);
            WholeFile.syncFolder(folder);
        }
    }

    private static void release(Deque<AutoCloseable> acquired) {
        while (!acquired.isEmpty()) {
            try {
                acquired.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("what an app acquires closes without failing", e);
            }
        }
    }
}
