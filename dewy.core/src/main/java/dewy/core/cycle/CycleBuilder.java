package dewy.core.cycle;

import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.process.Processes;
import dewy.api.registry.Registry;
import dewy.api.runtime.AppRuntime;
import dewy.core.fetch.Fetcher;
import dewy.core.hook.HookRunner;
import dewy.core.hook.HookSettings;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory;
import dewy.core.plugin.PluginSlot;
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
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    /** The plugins of the cycle. */
    public record Plugged(
            CycleBuilder builder,
            PluginSlot<Registry> registry,
            PluginSlot<ArtifactSource> artifact,
            PluginSlot<Cache> cache,
            Optional<PluginSlot<AppRuntime>> runtime) {
        public Settled settings(SelectionRules rules, CycleSettings settings, HookSettings hooks) {
            return new Settled(this, rules, settings, hooks);
        }
    }

    /** What was chosen for the cycle. */
    public record Settled(Plugged plugged, SelectionRules rules, CycleSettings settings, HookSettings hooks) {
        public DeployCycle build(
                AppMemory memory,
                ReleaseDirectory releases,
                Supplier<Processes> processes,
                InstantSource clock,
                LongSupplier nanoTime,
                DoubleSupplier random) {
            CycleBuilder place = plugged.builder();
            Fetcher fetcher = new Fetcher(
                    plugged.artifact(), plugged.cache(), place.state().resolve("tmp"));
            HookRunner runner =
                    new HookRunner(processes, place.directory(), place.state().resolve("log"));
            RetryBackoff backoff = new RetryBackoff(settings.interval(), LONGEST_RETRY, random);
            Settler.Host host = new Settler.Host(place.host(), place.command());
            return new DeployCycle(new CycleParts(
                    new ReleaseWatch(
                            plugged.registry(),
                            plugged.artifact(),
                            new ReleaseSelector(rules, clock),
                            rules.gracePeriod()),
                    fetcher,
                    releases,
                    new Activator(releases, plugged.runtime(), memory),
                    new Settler(fetcher, releases, plugged.registry(), settings, host, clock),
                    new DeployHooks(hooks, runner, place.directory(), place.app(), clock),
                    memory,
                    new FailedRelease(backoff, nanoTime),
                    settings,
                    clock));
        }
    }

    public Plugged plugins(
            PluginSlot<Registry> registry,
            PluginSlot<ArtifactSource> artifact,
            PluginSlot<Cache> cache,
            Optional<PluginSlot<AppRuntime>> runtime) {
        return new Plugged(this, registry, artifact, cache, runtime);
    }
}
