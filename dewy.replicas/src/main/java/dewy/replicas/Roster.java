package dewy.replicas;

import dewy.api.process.ListeningAddress;
import dewy.api.runtime.ReplicaStatus;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How each replica of an app is doing.
 *
 * @param serving the names of those that are to serve, in their order
 * @param alive the names of those of them that do
 * @param kept the names of those that can be switched back to
 * @param leaving the names of those that are to go
 */
record Roster(List<String> serving, Collection<String> alive, Collection<String> kept, Collection<String> leaving) {
    List<ReplicaStatus> of(List<Replica> found) {
        return found.stream()
                .sorted(Comparator.comparingInt(this::place).thenComparing(Replica::name))
                .map(this::status)
                .toList();
    }

    private int place(Replica replica) {
        int place = serving.indexOf(replica.name());
        return place < 0 ? serving.size() : place;
    }

    private ReplicaStatus status(Replica replica) {
        Replica.Details details = replica.details();
        Map<Integer, ListeningAddress> addresses = new HashMap<>();
        replica.ports().forEach((port, here) -> addresses.put(port, replica.address(here)));
        return new ReplicaStatus(
                replica.name(),
                details.id(),
                replica.labels().getOrDefault(Generation.VERSION, ""),
                replica.image(),
                state(replica),
                details.health(),
                addresses,
                details.restarts(),
                details.started(),
                details.ending());
    }

    private ReplicaStatus.State state(Replica replica) {
        String name = replica.name();
        if (!replica.isRunning()) {
            return serving.contains(name) || leaving.contains(name) || wasStarted(replica)
                    ? ReplicaStatus.State.EXITED
                    : ReplicaStatus.State.STARTING;
        }
        if (leaving.contains(name)) {
            return ReplicaStatus.State.DRAINING;
        }
        if (kept.contains(name)) {
            return ReplicaStatus.State.KEPT;
        }
        if (!serving.contains(name)) {
            return ReplicaStatus.State.STARTING;
        }
        return alive.contains(name) ? ReplicaStatus.State.RUNNING : ReplicaStatus.State.UNHEALTHY;
    }

    /** Returns whether it was ever started, as far as is known. */
    private static boolean wasStarted(Replica replica) {
        return replica.details().started().isPresent();
    }
}
