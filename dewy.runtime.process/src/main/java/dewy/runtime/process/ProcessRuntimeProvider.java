package dewy.runtime.process;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningSockets;
import dewy.api.process.NotifySockets;
import dewy.api.process.Processes;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeProvider;
import dewy.runtime.process.time.SystemTimer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers the process runtime; its threads serve all apps, and end when they are idle. */
@Component(service = RuntimeProvider.class)
@Plugin(kind = "runtime", scheme = "process")
public final class ProcessRuntimeProvider implements RuntimeProvider {
    private final ScheduledExecutorService scheduler;
    private final ExecutorService background;
    private final ProcessRuntimes runtimes;

    @Activate
    public ProcessRuntimeProvider(
            @Reference ListeningSockets sockets,
            @Reference Processes processes,
            @Reference NotifySockets notifySockets) {
        scheduler = SystemTimer.newScheduler();
        background = BackgroundThreads.open();
        runtimes = new ProcessRuntimes(
                sockets, processes, notifySockets, new PrivatePorts(), new SystemTimer(scheduler), background);
    }

    @Deactivate
    void deactivate() {
        scheduler.shutdownNow();
        background.shutdown();
    }

    @Override
    public int format() {
        return Inheritance.FORMAT;
    }

    @Override
    public boolean adopts(int format) {
        return Inheritance.knows(format);
    }

    @Override
    public AppRuntime open(PluginUrl url, AppContext app) throws InvalidException {
        return runtimes.open(url, app);
    }

    @Override
    public AppRuntime adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        return runtimes.adopt(url, app, state);
    }
}
