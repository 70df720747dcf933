package dewy.cache.consul;

import dewy.api.InvalidException;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
import dewy.keyvalue.Capacity;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens caches in Consul: {@code consul://127.0.0.1:8500/dewy?max-size=128MB}. */
@Component(name = "dewy.cache.consul.cache")
@Plugin(kind = "cache", scheme = "consul")
public final class ConsulCacheProvider implements CacheProvider {
    private static final long DEFAULT_MAX_SIZE = 128L << 20;

    private final InstantSource clock;

    @Activate
    public ConsulCacheProvider() {
        this(InstantSource.system());
    }

    ConsulCacheProvider(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Cache open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Consul consul = Consul.of(url, app, parameters, Environment.SYSTEM);
        Capacity capacity = Capacity.of(
                parameters,
                DEFAULT_MAX_SIZE,
                consul,
                "keep artifacts elsewhere: all that Consul holds is in its memory");
        parameters.finish();
        return new ConsulCache(consul, app.host(), capacity, clock);
    }
}
