package dewy.cache.consul;

import dewy.api.InvalidException;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
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
        long maxSize = parameters.bytes("max-size", DEFAULT_MAX_SIZE);
        if (maxSize == 0) {
            parameters.complain("max-size", "max-size=0 leaves room for nothing");
        }
        parameters.finish();
        return new ConsulCache(consul, app.host(), maxSize, clock);
    }
}
