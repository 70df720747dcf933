package dewy.tck.memory;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyProvider;
import dewy.tck.memory.host.DataPlanes;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens proxies: {@code memory:?port=127.0.0.1:8080&hold=5s}. */
@Component(service = ProxyProvider.class)
@Plugin(kind = "proxy", scheme = "memory")
public final class MemoryProxyProvider implements ProxyProvider {
    private final DataPlanes planes;

    @Activate
    public MemoryProxyProvider(@Reference DataPlanes planes) {
        this.planes = planes;
    }

    @Override
    public int format() {
        return MemoryProxy.FORMAT;
    }

    @Override
    public Proxy open(PluginUrl url, AppContext app) throws InvalidException {
        return new MemoryProxy(ProxySettings.parse(url), app, planes);
    }

    /** A data plane is known by its app, so nothing has to have been written down. */
    @Override
    public Optional<HandoverState> recover(Call call, PluginUrl url, AppContext app, Optional<HandoverState> kept)
            throws DewyException {
        call.check();
        return planes.find(app.name()).map(MemoryProxy::state);
    }

    @Override
    public Proxy adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        return new MemoryProxy(ProxySettings.parse(url), app, planes).adopt(state);
    }
}
