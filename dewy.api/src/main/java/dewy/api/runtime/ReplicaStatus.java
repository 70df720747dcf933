package dewy.api.runtime;

import dewy.api.process.ListeningAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One replica of an app, as it was when it was looked at.
 *
 * @param name by which it is known to people, and to a proxy as a {@linkplain dewy.api.route.Backend#id backend}
 * @param id by which whatever runs it knows it, such as the digest that a container engine gives it
 * @param version the version of the release that it runs
 * @param image what it was made of
 * @param state what it is doing
 * @param health what its own health check says, as whatever runs it says that, such as {@code starting}; empty where it has none
 * @param addresses where it listens on this host, by its own port
 * @param restarts how often it was started again as what it is; what takes its place is another replica
 * @param started when it was started last; empty when it never was
 * @param ending how it ended; empty while it runs, and where that is not known
 */
public record ReplicaStatus(
        String name,
        String id,
        String version,
        String image,
        State state,
        Optional<String> health,
        Map<Integer, ListeningAddress> addresses,
        int restarts,
        Optional<Instant> started,
        Optional<Ending> ending) {
    /**
     * How a replica ended.
     *
     * @param exitCode that of its first process
     * @param outOfMemory whether it was killed for taking more memory than it may
     */
    public record Ending(long exitCode, boolean outOfMemory) {}

    /** What a replica is doing. */
    public enum State {
        /** It is not ready yet, or is to take the place of another one. */
        STARTING,
        /** It serves. */
        RUNNING,
        /** It runs, and is not well. */
        UNHEALTHY,
        /** It gets nothing new, and is told to stop once nothing is in flight to it. */
        DRAINING,
        /** It serves no more, and is kept running to be switched back to. */
        KEPT,
        /** It has ended. */
        EXITED
    }

    public ReplicaStatus {
        addresses = Collections.unmodifiableMap(new TreeMap<>(addresses));
    }

    /** Describes one that has not ended, as far as is known. */
    public ReplicaStatus(
            String name,
            String id,
            String version,
            String image,
            State state,
            Optional<String> health,
            Map<Integer, ListeningAddress> addresses,
            int restarts,
            Optional<Instant> started) {
        this(name, id, version, image, state, health, addresses, restarts, started, Optional.empty());
    }
}
