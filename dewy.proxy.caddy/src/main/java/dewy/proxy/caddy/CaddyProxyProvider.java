package dewy.proxy.caddy;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyProvider;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.EngineAddress;
import dewy.engine.Owner;
import dewy.http.Environment;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Offers Caddy in a container: {@code caddy:?port=8000&image=caddy:2-alpine}. */
@Component(service = ProxyProvider.class)
@Plugin(kind = "proxy", scheme = "caddy")
public final class CaddyProxyProvider implements ProxyProvider {
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 5;

    private final Environment environment;
    private final ScheduledThreadPoolExecutor threads;

    @Activate
    public CaddyProxyProvider() {
        this(Environment.SYSTEM);
    }

    CaddyProxyProvider(Environment environment) {
        this.environment = environment;
        threads = new ScheduledThreadPoolExecutor(THREADS, CaddyProxyProvider::thread);
        threads.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
        threads.setRemoveOnCancelPolicy(true);
    }

    @Deactivate
    void deactivate() {
        threads.shutdownNow();
    }

    @Override
    public int format() {
        return AppTraffic.FORMAT;
    }

    @Override
    public Proxy open(PluginUrl url, AppContext app) throws InvalidException {
        return proxy(url, app);
    }

    /** A container is known by its labels, so nothing has to have been written down. */
    @Override
    public Optional<HandoverState> recover(Call call, PluginUrl url, AppContext app, Optional<HandoverState> kept)
            throws DewyException {
        ProxyContainer container = container(CaddySettings.parse(url), app);
        Optional<Container> left = container.find(call);
        return left.map(found -> AppTraffic.state(container, found.name(), container.published(found)));
    }

    @Override
    public Proxy adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        return proxy(url, app).adopt(state);
    }

    private CaddyProxy proxy(PluginUrl url, AppContext app) throws InvalidException {
        return new CaddyProxy(container(CaddySettings.parse(url), app), app, threads);
    }

    private ProxyContainer container(CaddySettings settings, AppContext app) throws InvalidException {
        Engine engine = new Engine(EngineAddress.find(settings.engine(), environment));
        return new ProxyContainer(engine, Owner.of(app), settings);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "dewy-proxy-caddy");
        thread.setDaemon(true);
        return thread;
    }
}
