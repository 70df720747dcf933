package dewy.core.cycle;

import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.process.Processes;
import dewy.api.registry.Registry;
import dewy.api.runtime.AppRuntime;
import dewy.core.deliverable.ArchiveInstaller;
import dewy.core.deliverable.ImageInstaller;
import dewy.core.deliverable.Installers;
import dewy.core.fetch.Fetcher;
import dewy.core.fetch.RetryPause;
import dewy.core.hook.HookRunner;
import dewy.core.hook.HookSettings;
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
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Puts a deploy cycle together.
 *
 * @param app the name of the app
 * @param command how it runs
 * @param host the name of this host
 * @param directory the app directory
 * @param state the folder for the app's state
 */
public record CycleBuilder(String app, String command, String host, Path directory, Path state) {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    /** The plugins of the cycle. */
    public record Plugged(
            CycleBuilder builder,
            PluginSlot<Registry> registry,
            PluginSlot<ArtifactSource> artifact,
            PluginSlot<Cache> cache,
            Optional<ProxyRouter> router,
            Optional<PluginSlot<AppRuntime>> runtime) {
        public Settled settings(SelectionRules rules, CycleSettings settings, HookSettings hooks) {
            return new Settled(this, rules, settings, hooks);
        }
    }

    /**
     * What an app does.
     *
     * @param cycle by itself
     * @param manual when people ask for it
     */
    public record Cycles(DeployCycle cycle, ManualCycle manual) {}

    /** What was chosen for the cycle. */
    public record Settled(Plugged plugged, SelectionRules rules, CycleSettings settings, HookSettings hooks) {
        public Cycles build(
                AppJournal journal,
                ReleaseDirectory releases,
                Supplier<Processes> processes,
                InstantSource clock,
                LongSupplier nanoTime,
                DoubleSupplier random) {
            CycleBuilder place = plugged.builder();
            AppMemory memory = journal.memory();
            Fetcher fetcher = new Fetcher(
                    plugged.artifact(),
                    plugged.cache(),
                    place.state().resolve("tmp"),
                    RetryPause.of(new RetryBackoff(FIRST_RETRY, LONGEST_RETRY, random)::after));
            HookRunner runner =
                    new HookRunner(processes, place.directory(), place.state().resolve("log"));
            RetryBackoff backoff = new RetryBackoff(settings.interval(), LONGEST_RETRY, random);
            Settler.Host host = new Settler.Host(place.host(), place.command());
            Bake bake = bake(memory, clock, nanoTime);
            Installers installers = new Installers(
                    new ArchiveInstaller(fetcher, releases, memory, settings.extraction()),
                    plugged.runtime().map(runtime -> new ImageInstaller(runtime, journal)));
            Activator activator = new Activator(installers, plugged.router(), plugged.runtime(), journal);
            Housekeeping housekeeping = new Housekeeping(installers, memory, bake, settings);
            Settler settler = new Settler(fetcher, housekeeping, plugged.registry(), host, clock);
            Fallback fallback = new Fallback(journal, activator, settler, bake, clock);
            FailedRelease failedRelease = new FailedRelease(backoff, nanoTime);
            Outage outage = new Outage(backoff, nanoTime, settings.bake().stable());
            CycleParts parts = new CycleParts(
                    watch(memory, clock),
                    installers,
                    activator,
                    settler,
                    new DeployHooks(hooks, runner, place.directory(), place.app(), clock),
                    memory,
                    journal,
                    failedRelease,
                    fallback,
                    new Upkeep(memory, activator, fallback, failedRelease, outage),
                    bake,
                    settings,
                    clock);
            Deployment deployment = new Deployment(parts);
            DeployCycle cycle = new DeployCycle(parts, deployment);
            ReleaseFinder finder = new ReleaseFinder(
                    plugged.registry(), plugged.artifact(), new ReleaseSelector(rules, clock), limit());
            return new Cycles(cycle, new ManualCycle(cycle, deployment, finder, () -> watch(memory, clock), parts));
        }

        private ReleaseWatch watch(AppMemory memory, InstantSource clock) {
            return new ReleaseWatch(
                    plugged.registry(),
                    plugged.artifact(),
                    new ReleaseSelector(rules, clock),
                    new LeftOut(memory, rules.coolDown(), clock),
                    memory,
                    rules.gracePeriod(),
                    limit());
        }

        private PollLimit limit() {
            return new PollLimit(settings.pollTimeout());
        }

        /** What was activated shortly before the agent ended is watched for the rest of its time. */
        private Bake bake(AppMemory memory, InstantSource clock, LongSupplier nanoTime) {
            Bake bake = new Bake(settings.bake(), nanoTime);
            if (plugged.runtime().isPresent() && memory.isUntried()) {
                memory.deployed().ifPresent(now -> bake.begin(now, age(memory, clock)));
            }
            return bake;
        }

        private static Duration age(AppMemory memory, InstantSource clock) {
            return Duration.between(memory.shown().orElseThrow().since(), clock.instant());
        }
    }

    public Plugged plugins(
            PluginSlot<Registry> registry,
            PluginSlot<ArtifactSource> artifact,
            PluginSlot<Cache> cache,
            Optional<ProxyRouter> router,
            Optional<PluginSlot<AppRuntime>> runtime) {
        return new Plugged(this, registry, artifact, cache, router, runtime);
    }
}
