package dewy.core.cycle;

import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.registry.Registry;
import dewy.api.runtime.AppRuntime;
import dewy.api.store.Store;
import dewy.core.plugin.PluginSlot;
import dewy.core.route.ProxyRouter;
import java.util.Optional;

/**
 * The plugins of a cycle.
 *
 * @param store empty where the hosts of the app cannot agree on anything
 * @param router empty where clients connect to what runs
 * @param runtime empty where nothing runs
 */
public record CyclePlugins(
        PluginSlot<Registry> registry,
        PluginSlot<ArtifactSource> artifact,
        PluginSlot<Cache> cache,
        Optional<PluginSlot<Store>> store,
        Optional<ProxyRouter> router,
        Optional<PluginSlot<AppRuntime>> runtime) {}
