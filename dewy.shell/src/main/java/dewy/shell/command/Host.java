package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.event.EventLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the commands look at.
 *
 * @param agent asked for at each command
 * @param events the agent's events, asked for likewise
 * @param processes what the system tells of its processes
 * @param clock the time
 */
public record Host(
        Supplier<Optional<Agent>> agent, Supplier<Optional<EventLog>> events, Path processes, InstantSource clock) {
    private static final Path PROC = Path.of("/proc");

    /** Returns this host. */
    public static Host local(Supplier<Optional<Agent>> agent, Supplier<Optional<EventLog>> events) {
        return new Host(agent, events, PROC, InstantSource.system());
    }
}
