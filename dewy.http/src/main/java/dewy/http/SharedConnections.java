package dewy.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The connections of all instances of a plugin, one client for each way to servers, so that the number of apps costs no
 * threads. Safe for use by several threads.
 */
public final class SharedConnections implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Duration patience;
    private final Map<Network, Connections> opened = new HashMap<>();

    /** Makes connections of which a read waits a minute for the next bytes. */
    public SharedConnections() {
        this(PATIENCE);
    }

    /** Makes connections of which a read waits as long as {@code patience} for the next bytes. */
    public SharedConnections(Duration patience) {
        this.patience = patience;
    }

    public synchronized Connections by(Network network) {
        return opened.computeIfAbsent(network, way -> new Connections(way, patience));
    }

    @Override
    public synchronized void close() {
        opened.values().forEach(Connections::close);
        opened.clear();
    }
}
