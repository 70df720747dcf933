package dewy.runtime.process;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningSockets;
import dewy.api.process.NotifySockets;
import dewy.api.process.Processes;
import dewy.runtime.process.output.OutputLog;
import dewy.runtime.process.ready.Readiness;
import dewy.runtime.process.time.Timer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * Puts process runtimes together.
 *
 * @param sockets what opens sockets
 * @param processes what spawns
 * @param notifySockets what opens the sockets to which servers tell how they are doing
 * @param privatePorts what chooses the ports of servers behind a proxy
 * @param timer the time they live by
 * @param background runs what takes as long as the disk does
 */
record ProcessRuntimes(
        ListeningSockets sockets,
        Processes processes,
        NotifySockets notifySockets,
        PrivatePorts privatePorts,
        Timer timer,
        Executor background) {
    ProcessRuntime open(PluginUrl url, AppContext app) throws InvalidException {
        ProcessSettings settings = ProcessSettings.parse(url, app);
        return assemble(settings, app, new Inheritance(Supervision.none(timer.now()), List.of(), OptionalLong.empty()));
    }

    ProcessRuntime adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        ProcessSettings settings = ProcessSettings.parse(url, app);
        Inheritance inheritance = Inheritance.of(state).fittingTo(app.router().isPresent());
        ProcessRuntime runtime = assemble(settings, app, inheritance);
        runtime.adopt(inheritance);
        return runtime;
    }

    private ProcessRuntime assemble(ProcessSettings settings, AppContext app, Inheritance past) {
        Ports ports = new Ports(sockets, settings.ports(), past.ports());
        OutputLog output = OutputLog.of(app.stateDirectory(), app.name(), settings.logSize());
        Readiness.Means means = new Readiness.Means(timer, notifySockets, settings.user());
        ServerLauncher launcher = new ServerLauncher(settings, app.directory(), ports, output, processes, means);
        ServerEvents events = new ServerEvents(app.events(), app::changed);
        Checkpoints checkpoints = new Checkpoints(app, ports, output, background, timer, events);
        Traffic traffic = app.router()
                .<Traffic>map(router -> new RoutedTraffic(router, privatePorts, timer))
                .orElseGet(InheritedTraffic::new);
        Supervisor supervisor =
                new Supervisor(settings, launcher, traffic, timer, events, checkpoints, past.supervision());
        return new ProcessRuntime(settings, launcher, ports, output, supervisor, checkpoints);
    }
}
