package dewy.cache.redis;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Store;
import dewy.api.store.StoreProvider;
import dewy.http.Environment;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens stores in Redis: {@code redis://s1,s2,s3/0?sentinel=mymaster&password=env:REDIS_PASSWORD}. */
@Component(name = "dewy.cache.redis.store")
@Plugin(
        kind = "store",
        scheme = {"redis", "rediss"})
public final class RedisStoreProvider implements StoreProvider {
    private final LongSupplier nanoTime;

    @Activate
    public RedisStoreProvider() {
        this(System::nanoTime);
    }

    RedisStoreProvider(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public Store open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        RedisSettings settings = RedisSettings.of(url, app, parameters, Environment.SYSTEM);
        // Where there is a failover, what no replica has may be lost by it.
        int replicas =
                (int) parameters.number("replicas", 0, 100, settings.topology().failsOver() ? 1 : 0);
        parameters.finish();
        return new RedisStore(new Redis(settings), replicas, nanoTime);
    }
}
