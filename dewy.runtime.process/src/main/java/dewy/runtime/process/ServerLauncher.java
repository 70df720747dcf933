package dewy.runtime.process;

import dewy.api.DewyException;
import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import dewy.api.runtime.Activation;
import dewy.runtime.process.output.OutputLog;
import java.nio.file.Path;
import java.util.Map;

/**
 * Launches generations: the sockets of the app, its environment and its command line make a process. The command is
 * resolved from the app directory when the process is made, so {@code current/app} is that of the newest release.
 *
 * @param settings how the app is to be run
 * @param directory the app directory
 * @param ports its sockets
 * @param output where its output goes
 * @param processes what spawns
 */
record ServerLauncher(ProcessSettings settings, Path directory, Ports ports, OutputLog output, Processes processes) {

    /** Spawns the leader of a generation. */
    ChildProcess launch(long generation, Activation activation) throws DewyException {
        output.follow();
        try (InheritedSockets sockets = ports.lease(settings.stdinSocket())) {
            Map<String, String> environment = new ServerEnvironment(sockets.addresses(), generation)
                    .over(System.getenv(), activation.environment());
            Spawn spawn = spawn(environment, sockets.descriptors());
            return processes.spawn(sockets.addresses().isEmpty() ? spawn : spawn.withListenPid());
        }
    }

    private Spawn spawn(Map<String, String> environment, Map<Integer, DescriptorLease> descriptors) {
        return new Spawn(
                settings.command(),
                directory,
                environment,
                descriptors,
                output.file(),
                settings.user(),
                settings.group(),
                false,
                false);
    }
}
