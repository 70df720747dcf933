package dewy.cache.consul;

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

/** Opens stores in Consul: {@code consul://127.0.0.1:8500/dewy?token=env:CONSUL_TOKEN}. */
@Component(name = "dewy.cache.consul.store")
@Plugin(kind = "store", scheme = "consul")
public final class ConsulStoreProvider implements StoreProvider {
    private final LongSupplier nanoTime;

    @Activate
    public ConsulStoreProvider() {
        this(System::nanoTime);
    }

    ConsulStoreProvider(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public Store open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Consul consul = Consul.of(url, app, parameters, Environment.SYSTEM);
        parameters.finish();
        return new ConsulStore(consul, nanoTime);
    }
}
