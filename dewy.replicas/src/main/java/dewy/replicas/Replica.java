package dewy.replicas;

import dewy.api.ApplicationException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.api.runtime.ReplicaStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A replica as its host tells of it at one moment.
 *
 * @param name by which it is known; never used again
 * @param image what it was made from, by digest
 * @param labels what whoever started it says of it
 * @param isRunning whether it runs
 * @param address at which its proxy reaches it: the loopback address, or its name in the network of the proxy
 * @param ports where its ports are reached there, by the port inside; it may change whenever it is started
 * @param mainPort the port inside that is meant where a listener names none
 * @param details what is told of it to people
 */
public record Replica(
        String name,
        String image,
        Map<String, String> labels,
        boolean isRunning,
        String address,
        Map<Integer, Integer> ports,
        Optional<Integer> mainPort,
        Details details) {
    /**
     * What is told of a replica to people.
     *
     * @param id by which its host knows it
     * @param health what its own health check says; empty where it has none
     * @param restarts how often its host started it again by itself
     * @param started when it was started last, where that is known
     * @param ending how it ended, where it has and that is known
     */
    public record Details(
            String id,
            Optional<String> health,
            int restarts,
            Optional<Instant> started,
            Optional<ReplicaStatus.Ending> ending) {
        /** Returns what is told where nothing is known but what a replica is called. */
        public static Details of(String id) {
            return new Details(id, Optional.empty(), 0, Optional.empty(), Optional.empty());
        }
    }

    private static final String LOOPBACK = "127.0.0.1";

    public Replica {
        labels = Map.copyOf(labels);
        ports = Map.copyOf(ports);
    }

    /** One that is reached at the loopback address. */
    public Replica(
            String name,
            String image,
            Map<String, String> labels,
            boolean isRunning,
            Map<Integer, Integer> ports,
            Optional<Integer> mainPort,
            Details details) {
        this(name, image, labels, isRunning, LOOPBACK, ports, mainPort, details);
    }

    /** Returns what it is for a proxy. */
    Backend backend(Listener listener) throws ApplicationException {
        return Backend.of(name, address(published(listener))).withVersion(labels.getOrDefault(Generation.VERSION, ""));
    }

    /** Returns where one of the ports is at which it is reached. */
    ListeningAddress address(int port) {
        return new ListeningAddress(address, port);
    }

    private int published(Listener listener) throws ApplicationException {
        Optional<Integer> target =
                listener.target().isPresent() ? Optional.of(listener.target().getAsInt()) : mainPort;
        return target.flatMap(port -> Optional.ofNullable(ports.get(port)))
                .orElseThrow(() -> new ApplicationException(new Problem(
                        "route to " + name,
                        "from " + listener.name(),
                        target.map(port -> "its port " + port + " is not published")
                                        .orElse("its port is not known") + "; published are "
                                + new TreeSet<>(ports.keySet()),
                        "Name one of them behind the port, as in --port 80:8080")));
    }
}
