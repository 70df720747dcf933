package dewy.core.plugin;

import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.Provider;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyProvider;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeProvider;
import dewy.api.store.Store;
import dewy.api.store.StoreProvider;
import java.util.List;

/**
 * A kind of plugin that core knows.
 *
 * @param name as in the service property {@code dewy.kind}
 * @param type the interface its providers are registered with
 * @param <T> what its providers open
 */
public record PluginKind<T extends AutoCloseable>(String name, Class<? extends Provider<T>> type) {
    public static final PluginKind<Registry> REGISTRY = new PluginKind<>("registry", RegistryProvider.class);
    public static final PluginKind<ArtifactSource> ARTIFACT = new PluginKind<>("artifact", ArtifactProvider.class);
    public static final PluginKind<Cache> CACHE = new PluginKind<>("cache", CacheProvider.class);
    public static final PluginKind<Store> STORE = new PluginKind<>("store", StoreProvider.class);
    public static final PluginKind<Notifier> NOTIFIER = new PluginKind<>("notifier", NotifierProvider.class);
    public static final PluginKind<AppRuntime> RUNTIME = new PluginKind<>("runtime", RuntimeProvider.class);
    public static final PluginKind<Proxy> PROXY = new PluginKind<>("proxy", ProxyProvider.class);

    /** All kinds there are. */
    public static final List<PluginKind<?>> ALL = List.of(REGISTRY, ARTIFACT, CACHE, STORE, NOTIFIER, RUNTIME, PROXY);
}
