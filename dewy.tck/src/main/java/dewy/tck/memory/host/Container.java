package dewy.tck.memory.host;

import java.util.Map;

/**
 * A container as the engine tells of it at one moment.
 *
 * @param id never used again
 * @param image what it was created from, by digest
 * @param environment what its software finds in its environment
 * @param labels what whoever created it says of it
 * @param state what it is doing
 * @param ports where the ports that its image exposes are published on the loopback address; empty unless it runs
 */
public record Container(
        String id,
        String image,
        Map<String, String> environment,
        Map<String, String> labels,
        State state,
        Map<Integer, Integer> ports) {
    /** What a container is doing. */
    public enum State {
        CREATED,
        RUNNING,
        EXITED
    }

    public Container {
        environment = Map.copyOf(environment);
        labels = Map.copyOf(labels);
        ports = Map.copyOf(ports);
    }

    public boolean isRunning() {
        return state == State.RUNNING;
    }
}
