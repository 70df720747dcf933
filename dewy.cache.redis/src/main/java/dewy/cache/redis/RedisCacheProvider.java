package dewy.cache.redis;

import dewy.api.InvalidException;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
import org.osgi.service.component.annotations.Component;

/** Opens caches in Redis: {@code redis://host:6379/0?password=env:REDIS_PASSWORD&max-size=1GB}. */
@Component(name = "dewy.cache.redis.cache")
@Plugin(
        kind = "cache",
        scheme = {"redis", "rediss"})
public final class RedisCacheProvider implements CacheProvider {
    private static final long DEFAULT_MAX_SIZE = 1L << 30;

    @Override
    public Cache open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        RedisSettings settings = RedisSettings.of(url, app, parameters, Environment.SYSTEM);
        long maxSize = parameters.bytes("max-size", DEFAULT_MAX_SIZE);
        if (maxSize == 0) {
            parameters.complain("max-size", "max-size=0 leaves room for nothing");
        }
        parameters.finish();
        return new RedisCache(new Redis(settings), app.host(), maxSize);
    }
}
