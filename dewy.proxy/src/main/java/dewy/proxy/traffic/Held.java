package dewy.proxy.traffic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** What waits for a backend, in the order in which it came; as much as is allowed. Safe for use by several threads. */
final class Held {
    private final int most;
    private final Map<Runnable, Executor> waiting = new LinkedHashMap<>();

    Held(int most) {
        this.most = most;
    }

    synchronized boolean add(Runnable retry, Executor loop) {
        return waiting.size() < most && waiting.putIfAbsent(retry, loop) == null;
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized boolean remove(Runnable retry) {
        return waiting.remove(retry) != null;
    }

    /** Has all of them try again, each on its loop. */
    void release() {
        List<Map.Entry<Runnable, Executor>> all;
        synchronized (this) {
            all = new ArrayList<>(waiting.entrySet());
        }
        all.forEach(held -> held.getValue().execute(() -> {
            if (remove(held.getKey())) { // Unless it went away meanwhile.
                held.getKey().run();
            }
        }));
    }
}
