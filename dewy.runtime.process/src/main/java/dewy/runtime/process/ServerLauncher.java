package dewy.runtime.process;

import dewy.api.DewyException;
import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import dewy.api.runtime.Activation;
import dewy.runtime.process.output.OutputLog;
import dewy.runtime.process.ready.Readiness;
import dewy.runtime.process.ready.Waiting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Launches generations: the sockets of the app, its environment and its command line make a process. The command is
 * resolved from the app directory when the process is made, so {@code current/app} is that of the newest release.
 *
 * @param settings how the app is to be run
 * @param directory the app directory
 * @param ports its sockets
 * @param output where its output goes
 * @param processes what spawns
 * @param means how it is found out that a generation is ready
 */
record ServerLauncher(
        ProcessSettings settings,
        Path directory,
        Ports ports,
        OutputLog output,
        Processes processes,
        Readiness.Means means) {
    /**
     * Finds out what would keep a generation from being launched, as far as that can be known while {@code current} still
     * leads to another release, and opens the sockets.
     */
    void prepare(Activation activation) throws DewyException {
        Map<Path, Path> links = activation
                .folder()
                .map(folder -> Map.of(directory.resolve("current"), folder))
                .orElse(Map.of());
        Map<String, String> environment =
                new ServerEnvironment(List.of(), 0).over(System.getenv(), activation.environment());
        processes.check(held(environment, Map.of()), links);
        ports.open();
    }

    /**
     * Spawns the leader of a generation, which is held.
     *
     * @param port where it is to listen, where it inherits no sockets
     */
    Generation launch(long number, Activation activation, OptionalInt port, Generation.Watcher watcher)
            throws DewyException {
        Readiness readiness = settings.readiness();
        Waiting waiting = (port.isPresent() ? readiness.at(port.getAsInt()) : readiness).prepare(means);
        boolean launched = false;
        try {
            Map<String, String> more = new HashMap<>(waiting.environment());
            port.ifPresent(own -> more.put(settings.portVariable(), Integer.toString(own)));
            ChildProcess leader = spawn(number, activation, more);
            launched = true;
            return new Generation(new Generation.Identity(number, leader, port), waiting, means.timer(), watcher);
        } finally {
            if (!launched) {
                waiting.close();
            }
        }
    }

    private ChildProcess spawn(long generation, Activation activation, Map<String, String> more) throws DewyException {
        output.follow();
        try (InheritedSockets sockets = ports.lease(settings.stdinSocket())) {
            Map<String, String> environment = new ServerEnvironment(sockets.addresses(), generation)
                    .over(System.getenv(), activation.environment());
            Spawn spawn = held(environment, sockets.descriptors()).withEnvironment(more);
            return processes.spawn(sockets.addresses().isEmpty() ? spawn : spawn.withListenPid());
        }
    }

    private Spawn held(Map<String, String> environment, Map<Integer, DescriptorLease> descriptors) {
        return new Spawn(
                settings.command(),
                directory,
                environment,
                descriptors,
                output.file(),
                settings.user(),
                settings.group(),
                false,
                true);
    }
}
