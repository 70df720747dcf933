package dewy.proxy.http;

import dewy.proxy.traffic.LoopConnections;
import dewy.proxy.traffic.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Unused connections to backends, of one event loop, which alone uses it. The one that was used last is taken first. */
final class BackendPool {
    private final LoopConnections connections;
    private final boolean shared;
    private final Map<Target, Deque<BackendConnection>> unused = new HashMap<>();

    /**
     * @param shared whether a connection may serve requests of several clients
     */
    BackendPool(LoopConnections connections, boolean shared) {
        this.connections = connections;
        this.shared = shared;
    }

    boolean isShared() {
        return shared;
    }

    /** Returns an unused connection, which is not in the pool from then on; null if there is none. */
    @Nullable
    BackendConnection take(Target target) {
        Deque<BackendConnection> ofTarget = unused.get(target);
        BackendConnection connection = ofTarget == null ? null : ofTarget.pollLast();
        if (connection != null) {
            connections.remove(connection);
        }
        return connection;
    }

    void add(Target target, BackendConnection connection) {
        unused.computeIfAbsent(target, t -> new ArrayDeque<>()).addLast(connection);
        connections.add(connection);
    }

    /** A connection is closed; nothing happens if it was not in the pool. */
    void remove(Target target, BackendConnection connection) {
        Deque<BackendConnection> ofTarget = unused.get(target);
        if (ofTarget != null && ofTarget.removeFirstOccurrence(connection)) {
            connections.remove(connection);
            if (ofTarget.isEmpty()) {
                unused.remove(target);
            }
        }
    }
}
