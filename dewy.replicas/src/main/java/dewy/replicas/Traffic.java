package dewy.replicas;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Moves the traffic of one app; where the app has no router there is none to move. It is changed by whose turn it is. */
final class Traffic {
    private static final Duration BACK = Duration.ofSeconds(2);

    private final Optional<Router> router;
    private final Map<String, List<Backend>> routed = new HashMap<>();

    Traffic(Optional<Router> router) {
        this.router = router;
    }

    boolean isThere() {
        return router.isPresent();
    }

    /**
     * Moves what arrives at all listeners, in one step. When this throws, it may have been moved, should the proxy have gone:
     * the caller moves it back.
     *
     * @return the names of where it goes now
     */
    List<String> move(Call call, List<Replica> to) throws DewyException {
        if (router.isPresent()) {
            move(call, router.get(), to);
        }
        return to.stream().map(Replica::name).toList();
    }

    private void move(Call call, Router by, List<Replica> to) throws DewyException {
        Map<String, List<Backend>> sets = new LinkedHashMap<>();
        for (Listener listener : by.listeners()) {
            sets.put(listener.name(), backends(listener, to));
        }
        routed.putAll(sets);
        by.route(call, sets);
    }

    /** Moves what can be moved, to no backends at all where nothing went before; whatever has become of the call. */
    void moveBack(Map<String, List<Backend>> before) {
        if (router.isEmpty()) {
            return;
        }
        Map<String, List<Backend>> sets = new LinkedHashMap<>();
        for (Listener listener : router.get().listeners()) {
            sets.put(listener.name(), before.getOrDefault(listener.name(), List.of()));
        }
        try (CancellableCall call = CancellableCall.of("traffic moved back", BACK)) {
            router.get().route(call, sets);
        } catch (DewyException e) {
            // The proxy has gone, and what was asked for last is done once there is one again.
        }
        routed.putAll(sets);
    }

    /** Returns where it goes now, by listener, for {@link #moveBack}. */
    Map<String, List<Backend>> now() {
        return Map.copyOf(routed);
    }

    /** Returns where something went, as far as that was to some replicas. */
    static Map<String, List<Backend>> among(Map<String, List<Backend>> before, Collection<String> names) {
        Map<String, List<Backend>> some = new HashMap<>();
        before.forEach((listener, backends) -> some.put(
                listener,
                backends.stream().filter(one -> names.contains(one.id())).toList()));
        return some;
    }

    /** Returns whether something may arrive at a replica. */
    boolean leadsTo(String name) {
        return routed.values().stream().flatMap(List::stream).anyMatch(backend -> backend.id()
                .equals(name));
    }

    /** Waits until nothing is in flight to a replica; what is left at the limit is cut. */
    void drain(Call call, String id, Duration limit) throws DewyException {
        if (router.isPresent()) {
            int unused = router.get().drain(call, id, limit);
        }
    }

    private static List<Backend> backends(Listener listener, List<Replica> replicas) throws ApplicationException {
        List<Backend> backends = new ArrayList<>();
        for (Replica replica : replicas) {
            backends.add(replica.backend(listener));
        }
        return backends;
    }
}
