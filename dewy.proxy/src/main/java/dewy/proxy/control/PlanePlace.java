package dewy.proxy.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a data plane listens to the agent.
 *
 * @param base what the paths of both its sockets begin with
 */
public record PlanePlace(Path base) {
    /** Where questions are asked. */
    public Path control() {
        return Path.of(base + ".control");
    }

    /** Where listening sockets are passed to. */
    public Path passing() {
        return Path.of(base + ".sockets");
    }

    /** Removes what a plane that ended has left. */
    public void remove() {
        for (Path socket : new Path[] {control(), passing()}) {
            try {
                Files.deleteIfExists(socket);
            } catch (IOException e) {
                // It is in nobody's way.
            }
        }
    }
}
