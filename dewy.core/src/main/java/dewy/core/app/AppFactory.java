package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.control.CycleOutcome;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Processes;
import dewy.api.process.Survivors;
import dewy.api.runtime.AppRuntime;
import dewy.core.cycle.CycleBuilder;
import dewy.core.cycle.Pass;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.install.ArchiveExtractor;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Journal;
import dewy.core.journal.WholeFile;
import dewy.core.notify.Notifications;
import dewy.core.plugin.Guard;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginSlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Puts an app together: its lock, its journal, its plugins, its cycle. */
public final class AppFactory {
    private final PluginDirectory plugins;
    private final EventStream events;
    private final Supplier<Processes> processes;
    private final Takeover takeover;
    private final String host;
    private final Timing timing;
    private final Guard guard;

    public AppFactory(
            PluginDirectory plugins,
            Guard guard,
            EventStream events,
            Supplier<Processes> processes,
            Supplier<Survivors> survivors,
            String host,
            Timing timing) {
        this.plugins = plugins;
        this.events = events;
        this.processes = processes;
        this.takeover = new Takeover(survivors);
        this.host = host;
        this.timing = timing;
        this.guard = guard;
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
        try (AppPlugins slots = AppPlugins.empty(spec, trial(spec, scope), plugins, scope, guard)) {
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
     */
    public App create(AppSpec spec, Optional<HandoverState> inherited) throws DewyException {
        Deque<AutoCloseable> acquired = new ArrayDeque<>();
        try {
            return create(spec, inherited, acquired);
        } catch (DewyException | RuntimeException e) {
            release(acquired);
            throw e;
        }
    }

    private App create(AppSpec spec, Optional<HandoverState> inherited, Deque<AutoCloseable> acquired)
            throws DewyException {
        Path state = stateDirectory(spec);
        createFolder(spec, state);
        acquired.push(AppLock.take(state));
        EventScope scope = events.scope(spec.name());
        Journal journal = Journal.open(state.resolve("journal"), timing.clock());
        journal.damage().ifPresent(damage -> scope.publish(EventKind.JOURNAL_REPAIRED, damage.told(journal.file())));
        AppMemory memory = new AppMemory(journal, spec.fingerprint());
        ReleaseDirectory releases = new ReleaseDirectory(spec.directory(), new ArchiveExtractor(), timing.clock());
        releases.recover();
        Optional<RunningFile.Found> found =
                inherited.isPresent() ? Optional.empty() : runningFile(spec).read(scope);
        AtomicReference<Runnable> inspection = new AtomicReference<>(() -> {});
        AppPlace place = place(spec, scope, runningFile(spec)::write, () -> Objects.requireNonNull(inspection.get())
                .run());
        AppPlugins slots = fill(spec, place, scope, inherited, takeover.of(found));
        acquired.push(slots);
        CycleBuilder.Cycles cycles = cycles(spec, slots, slots.runtime(), memory, releases);
        Notifications notifications = Notifications.start(spec.name(), slots.notifiers(), events, scope);
        acquired.push(notifications);
        App app = new App(spec, slots, memory, cycles, notifications, scope, timing, () -> release(acquired));
        if (found.isPresent() && !runningFile(spec).isUpToDate(found.get())) {
            app.renewAtStart();
        }
        inspection.set(app::inspect);
        return app;
    }

    private AppPlugins fill(
            AppSpec spec,
            AppPlace place,
            EventScope scope,
            Optional<HandoverState> inherited,
            Optional<HandoverState> survivors)
            throws InvalidException {
        try {
            return AppPlugins.fill(spec, place, plugins, scope, guard, inherited.or(() -> survivors));
        } catch (InvalidException | RuntimeException e) {
            survivors.ifPresent(Takeover::letGo);
            throw e;
        }
    }

    /**
     * Returns what the first cycle of an app would come to, without touching anything; the app may be another agent's.
     *
     * @throws InvalidException if nobody answers to a scheme, or a URL is wrong
     */
    public CycleOutcome foresee(AppSpec spec) throws DewyException {
        EventScope scope = events.scope(spec.name());
        Journal journal = Journal.look(stateDirectory(spec).resolve("journal"), timing.clock());
        AppMemory memory = new AppMemory(journal, spec.fingerprint());
        ReleaseDirectory releases = new ReleaseDirectory(spec.directory(), new ArchiveExtractor(), timing.clock());
        try (AppPlugins slots = AppPlugins.fill(spec, trial(spec, scope), plugins, scope, guard, Optional.empty())) {
            // What runs is not looked at: it may be another agent's.
            CycleBuilder.Cycles cycles = cycles(spec, slots, Optional.empty(), memory, releases);
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

    private CycleBuilder.Cycles cycles(
            AppSpec spec,
            AppPlugins slots,
            Optional<PluginSlot<AppRuntime>> runtime,
            AppMemory memory,
            ReleaseDirectory releases) {
        return new CycleBuilder(spec.name(), spec.command(), host, spec.directory(), stateDirectory(spec))
                .plugins(slots.registry(), slots.artifact(), slots.cache(), runtime)
                .settings(spec.rules(), spec.cycle(), spec.hooks())
                .build(memory, releases, processes, timing.clock(), timing.nanoTime(), timing.random());
    }

    /** The place of an app that is only tried: nothing of it is kept. */
    private AppPlace trial(AppSpec spec, EventScope scope) {
        return place(spec, scope, state -> {}, () -> {});
    }

    private AppPlace place(AppSpec spec, EventScope scope, AppPlace.Keeper keeper, Runnable inspection) {
        return new AppPlace(
                spec.name(),
                spec.command(),
                host,
                spec.directory(),
                stateDirectory(spec),
                spec.arguments(),
                spec.allowsHttp(),
                scope,
                keeper,
                inspection);
    }

    private static RunningFile runningFile(AppSpec spec) {
        return new RunningFile(stateDirectory(spec), spec.fingerprint());
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
