package dewy.cache.file;

import dewy.api.Registration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Which blobs of a folder are being read, by key. Safe for use by several threads. */
final class Pins {
    private final Map<String, Integer> readers = new ConcurrentHashMap<>();

    Registration pin(String key) {
        readers.merge(key, 1, Integer::sum);
        AtomicBoolean pinned = new AtomicBoolean(true);
        return () -> {
            if (pinned.getAndSet(false)) {
                readers.computeIfPresent(key, (unused, count) -> count == 1 ? null : count - 1);
            }
        };
    }

    boolean isPinned(String key) {
        return readers.containsKey(key);
    }
}
