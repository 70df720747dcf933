package dewy.runtime.process;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningSockets;
import dewy.api.process.Processes;
import dewy.runtime.process.output.OutputLog;
import java.util.List;
import java.util.OptionalLong;

/**
 * Puts process runtimes together.
 *
 * @param sockets what opens sockets
 * @param processes what spawns
 * @param timer the time they live by
 */
record ProcessRuntimes(ListeningSockets sockets, Processes processes, Timer timer) {
    ProcessRuntime open(PluginUrl url, AppContext app) throws InvalidException {
        ProcessSettings settings = ProcessSettings.parse(url, app);
        return assemble(settings, app, new Inheritance(Supervision.none(timer.now()), List.of(), OptionalLong.empty()));
    }

    ProcessRuntime adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
        ProcessSettings settings = ProcessSettings.parse(url, app);
        Inheritance inheritance = Inheritance.of(state);
        ProcessRuntime runtime = assemble(settings, app, inheritance);
        runtime.adopt(inheritance);
        return runtime;
    }

    private ProcessRuntime assemble(ProcessSettings settings, AppContext app, Inheritance past) {
        Ports ports = new Ports(sockets, settings.ports(), past.ports());
        OutputLog output = OutputLog.of(app.stateDirectory(), app.name(), settings.logSize());
        ServerLauncher launcher = new ServerLauncher(settings, app.directory(), ports, output, processes);
        Supervisor supervisor =
                new Supervisor(settings, launcher, timer, new ServerEvents(app.events()), past.supervision());
        return new ProcessRuntime(settings, ports, output, supervisor);
    }
}
