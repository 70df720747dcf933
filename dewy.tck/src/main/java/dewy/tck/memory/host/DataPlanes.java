package dewy.tck.memory.host;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The data planes of this host, one an app. Safe for use by several threads. */
public final class DataPlanes {
    private final Map<String, DataPlane> running = new ConcurrentHashMap<>();
    private final AtomicLong started = new AtomicLong();

    /** Starts one that listens nowhere yet. Another one of the same app is found no more, and goes on. */
    public DataPlane start(String app) {
        String reference = "data-plane " + app + " " + started.incrementAndGet();
        DataPlane plane = new DataPlane(
                reference, () -> running.values().removeIf(it -> it.reference().equals(reference)));
        running.put(app, plane);
        return plane;
    }

    public Optional<DataPlane> find(String app) {
        return Optional.ofNullable(running.get(app));
    }

    /** Returns how many there are. */
    public int size() {
        return running.size();
    }
}
