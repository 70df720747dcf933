package dewy.proxy;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningSockets;
import dewy.api.process.Processes;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyProvider;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers the built-in proxy: {@code builtin:?port=8080&mode=tcp}. All proxies of one provider share a data plane, and those at the same port its socket. */
@Component(service = ProxyProvider.class)
@Plugin(kind = "proxy", scheme = "builtin")
public final class BuiltinProxyProvider implements ProxyProvider {
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 5;

    private final SharedSockets sockets;
    private final ScheduledThreadPoolExecutor threads;
    private final Planes planes;

    @Activate
    public BuiltinProxyProvider(
            BundleContext context, @Reference ListeningSockets sockets, @Reference Processes processes) {
        this(sockets, processes, new Unpacked(context));
    }

    BuiltinProxyProvider(ListeningSockets sockets, Processes processes, Planes.Program program) {
        this.sockets = new SharedSockets(sockets);
        threads = new ScheduledThreadPoolExecutor(THREADS, BuiltinProxyProvider::thread);
        threads.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
        threads.setRemoveOnCancelPolicy(true);
        planes = new Planes(processes, program, threads);
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
        BuiltinSettings settings = BuiltinSettings.parse(url);
        settings.checkCertificates(); // One that is adopted has others to go on with.
        return new BuiltinProxy(settings, app, sockets, planes);
    }

    @Override
    public Proxy adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        return new BuiltinProxy(BuiltinSettings.parse(url), app, sockets, planes).adopt(state);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "dewy-proxy");
        thread.setDaemon(true);
        return thread;
    }

    /** The program within the bundle, copied to the agent home when it is needed first. */
    private static final class Unpacked implements Planes.Program {
        private final BundleContext context;
        private Optional<PlaneProgram> program = Optional.empty();

        Unpacked(BundleContext context) {
            this.context = context;
        }

        @Override
        public synchronized PlaneProgram find() throws DewyException {
            if (program.isEmpty()) {
                program = Optional.of(PlaneProgram.of(context.getBundle(), folder()));
            }
            return program.get();
        }

        @Override
        public synchronized PlaneProgram restored() throws DewyException {
            if (!find().isThere()) {
                program = Optional.empty();
            }
            return find();
        }

        /** Where no agent says what its home is, the framework has a folder for the bundle. */
        private Path folder() {
            String home = context.getProperty("dewy.home");
            File own = context.getDataFile("proxy");
            return home != null ? Path.of(home, "proxy") : own.toPath();
        }
    }
}
