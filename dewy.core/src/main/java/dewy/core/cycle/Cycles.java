package dewy.core.cycle;

import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.process.Processes;
import dewy.api.registry.Registry;
import dewy.api.runtime.AppRuntime;
import dewy.api.store.Store;
import dewy.core.backoff.Backoff;
import dewy.core.backoff.Pause;
import dewy.core.event.EventScope;
import dewy.core.fetch.Fetcher;
import dewy.core.fleet.DownloadTurns;
import dewy.core.fleet.FleetSettings;
import dewy.core.fleet.SharedRegistry;
import dewy.core.fleet.SharedStore;
import dewy.core.hook.HookKeeper;
import dewy.core.hook.HookRunner;
import dewy.core.hook.HookSettings;
import dewy.core.install.ArchiveInstaller;
import dewy.core.install.ImageInstaller;
import dewy.core.install.Installers;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppJournal;
import dewy.core.journal.AppMemory;
import dewy.core.plugin.PluginSlot;
import dewy.core.route.ProxyRouter;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.SelectionRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The cycles of an app: this is where their parts are put together. */
public final class Cycles {
    /**
     * What was chosen for the cycles of an app.
     *
     * @param app the name of the app
     * @param command how it runs
     * @param host the name of this host
     * @param directory the app directory
     * @param state the folder for the app's state
     */
    public record Plan(
            String app,
            String command,
            String host,
            Path directory,
            Path state,
            SelectionRules rules,
            FleetSettings fleet,
            CycleSettings settings,
            HookSettings hooks) {}

    /**
     * The plugins of a cycle.
     *
     * @param store empty where the hosts of the app cannot agree on anything
     * @param router empty where clients connect to what runs
     * @param runtime empty where nothing runs
     */
    public record Plugins(
            PluginSlot<Registry> registry,
            PluginSlot<ArtifactSource> artifact,
            PluginSlot<Cache> cache,
            Optional<PluginSlot<Store>> store,
            Optional<ProxyRouter> router,
            Optional<PluginSlot<AppRuntime>> runtime) {}

    /**
     * Where time and chance come from.
     *
     * @param clock the time of day
     * @param nanoTime a monotonic clock
     * @param random numbers from 0 to 1
     */
    public record Time(InstantSource clock, LongSupplier nanoTime, DoubleSupplier random) {}

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    private final Plan plan;
    private final Plugins plugins;
    private final AppMemory memory;
    private final InstantSource clock;
    private final ReleaseSelector selector;
    private final PollLimit limit;
    private final Optional<SharedRegistry> shared;
    private final DeployCycle cycle;
    private final ManualCycle manual;

    public Cycles(
            Plan plan,
            Plugins plugins,
            AppJournal journal,
            ReleaseDirectory releases,
            Supplier<Processes> processes,
            HookKeeper running,
            EventScope events,
            Time time) {
        this.plan = plan;
        this.plugins = plugins;
        this.memory = journal.memory();
        this.clock = time.clock();
        this.selector = new ReleaseSelector(plan.rules(), clock);
        this.limit = new PollLimit(plan.settings().pollTimeout());

        CycleSettings settings = plan.settings();
        Probation probation = probation(time);
        Backoff retries = new Backoff(FIRST_RETRY, LONGEST_RETRY, time.random());
        Backoff backoffs = new Backoff(settings.interval(), LONGEST_RETRY, time.random());
        ReleaseBackoff backoff = new ReleaseBackoff(backoffs, time.nanoTime());
        Outage outage =
                new Outage(backoffs, time.nanoTime(), settings.probation().stable());
        HookRunner runner =
                new HookRunner(processes, plan.directory(), plan.state().resolve("log"), running);
        DeployHooks hooks = new DeployHooks(plan.hooks(), runner, plan.directory(), plan.app(), clock);
        Pause pause = Pause.of(retries);
        Optional<SharedStore> store =
                plugins.store().map(slot -> new SharedStore(slot, owner(plan), events, time.nanoTime()));
        this.shared = store.filter(there -> plan.fleet().registryTtl().isPresent())
                .map(there -> new SharedRegistry(there, plugins.registry().url(), plan.fleet(), clock, events, pause));
        Fetcher fetcher = new Fetcher(
                plugins.artifact(),
                plugins.cache(),
                new DownloadTurns(store, pause),
                selector.trusted(),
                plan.state().resolve("tmp"),
                pause);
        Installers installers = new Installers(
                new ArchiveInstaller(fetcher, releases, memory, settings.extraction()),
                plugins.runtime().map(runtime -> new ImageInstaller(runtime, plugins.artifact(), journal)));
        Gate pinned = new Gates.Pinned(memory);
        Gate coolDown = new Gates.CoolDown(plan.rules().coolDown(), memory, clock);
        Gate windows = new Gates.Windows(settings.windows(), memory, clock);

        ReleaseWatch watch = watch(coolDown);
        Gate paused = new Gates.Paused(memory);
        Gate cancelled = new Gates.Cancelled(memory);
        Gate leftAlone = new Gates.LeftAlone(backoff, watch::hasChanged, clock);
        Gates gates = new Gates(List.of(pinned, cancelled, paused, leftAlone, windows));
        Activator activator = new Activator(installers, plugins.router(), plugins.runtime(), journal, probation);
        FollowUp followUp = new FollowUp(
                fetcher,
                new Housekeeping(installers, memory, probation, settings),
                new Reports(plugins.registry(), limit, plan.host(), plan.command(), clock),
                hooks,
                journal,
                clock);
        Fallback fallback = new Fallback(journal, activator, followUp, probation, backoff, watch, clock);
        Installation installation = new Installation(installers, hooks, journal, selector.trusted());
        Deployment deployment = new Deployment(journal, installation, activator, fallback, followUp, backoff, clock);
        Verdicts verdicts = new Verdicts(backoff, clock);
        ReleaseFinder finder = new ReleaseFinder(plugins.registry(), plugins.artifact(), selector, memory, limit);
        // What the registry has now is compared with nothing.
        Gate leftAloneStill = new Gates.LeftAlone(backoff, () -> false, clock);
        Gates foreseen = new Gates(List.of(pinned, cancelled, paused, leftAloneStill, windows));
        Foresight foresight =
                new Foresight(() -> watch(coolDown), foreseen, activator, memory, selector.trusted(), clock);
        Upkeep upkeep = new Upkeep(memory, activator, fallback, backoff, outage, hooks);
        GateKeeper gateKeeper = new GateKeeper(gates, watch, activator, deployment, memory, clock);
        this.cycle = new DeployCycle(watch, gateKeeper, deployment, upkeep, new Vacancy(memory, clock), verdicts);
        this.manual = new ManualCycle(cycle, foresight, finder, deployment, verdicts, journal);
    }

    /** Returns what the app does by itself. */
    public DeployCycle cycle() {
        return cycle;
    }

    /** Returns what it does when people ask for it. */
    public ManualCycle manual() {
        return manual;
    }

    /** Several agents of a host may have the app, each in a directory of its own. */
    private static String owner(Plan plan) {
        String directory = Integer.toHexString(plan.directory().toString().hashCode());
        return plan.host() + " " + directory;
    }

    private ReleaseWatch watch(Gate coolDown) {
        return new ReleaseWatch(
                plugins.registry(),
                shared,
                plugins.artifact(),
                selector,
                new SkippedReleases(memory, new Gates(List.of(coolDown)), clock),
                memory,
                plan.rules().gracePeriod(),
                limit);
    }

    /** What was activated shortly before the agent ended is watched for the rest of its time. */
    private Probation probation(Time time) {
        Probation begun = new Probation(plan.settings().probation(), time.nanoTime());
        if (plugins.runtime().isPresent() && memory.isUntried()) {
            memory.deployed().ifPresent(now -> begun.begin(now, age()));
        }
        return begun;
    }

    private Duration age() {
        return Duration.between(memory.shown().orElseThrow().since(), clock.instant());
    }
}
