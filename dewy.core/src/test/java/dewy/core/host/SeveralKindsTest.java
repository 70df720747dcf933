package dewy.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.store.Store;
import dewy.api.store.StoreProvider;
import dewy.core.plugin.PluginKind;
import dewy.core.plugin.PluginSlot;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;

/** One bundle has a cache and a store, which are found by the same scheme. */
class SeveralKindsTest {
    private final Cache cache = idle(Cache.class);
    private final Store store = idle(Store.class);

    @Test
    void ofOneBundleArePluggedInEachInItsSlot(@TempDir Path home) throws Exception {
        try (TestHost host = new TestHost(home)) {
            CacheProvider caches = (url, app) -> cache;
            StoreProvider stores = (url, app) -> store;
            host.context().registerService(CacheProvider.class, caches, of("cache"));
            host.context().registerService(StoreProvider.class, stores, of("store"));
            PluginSlot<Cache> cacheSlot = host.slot(PluginKind.CACHE, "test", "web");
            PluginSlot<Store> storeSlot = host.slot(PluginKind.STORE, "test", "web");
            cacheSlot.fill();
            storeSlot.fill();
            assertThat(cacheSlot.current()).containsSame(cache);
            assertThat(storeSlot.current()).containsSame(store);
            cacheSlot.close();
            storeSlot.close();
        }
    }

    private static Dictionary<String, Object> of(String kind) {
        return FrameworkUtil.asDictionary(Map.of("dewy.kind", kind, "dewy.scheme", "test"));
    }

    /** Returns something that can do nothing but be closed. */
    private static <T> T idle(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            assertThat(method.getName()).isEqualTo("close");
            return null;
        }));
    }
}
