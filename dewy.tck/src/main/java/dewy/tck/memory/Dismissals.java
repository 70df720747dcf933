package dewy.tck.memory;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.plugin.Lifetime;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The containers that are to go: each is drained, told to stop and removed, in its own time. Everything of that can be done
 * twice, so whoever takes over begins anew with those that are left. Safe for use by several threads.
 */
final class Dismissals {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Beside the time that draining and stopping may take. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final Traffic traffic;
    private final Replicas replicas;
    private final Executor threads;
    private final Lifetime lifetime = new Lifetime();
    private final Map<String, CompletableFuture<Void>> leaving = new LinkedHashMap<>();
    private boolean closed;

    Dismissals(Traffic traffic, Replicas replicas, Executor threads) {
        this.traffic = traffic;
        this.replicas = replicas;
        this.threads = threads;
    }

    /** Has containers go, to which nothing is routed any more. */
    synchronized void dismiss(Collection<String> ids, Duration drainTime, Duration stopTimeout) {
        for (String id : ids) {
            if (!leaving.containsKey(id)) {
                CompletableFuture<Void> going =
                        CompletableFuture.runAsync(() -> dismiss(id, drainTime, stopTimeout), threads);
                leaving.put(id, going.exceptionally(failure -> null));
            }
        }
    }

    /** Returns which are not gone yet. */
    synchronized List<String> pending() {
        return List.copyOf(leaving.keySet());
    }

    /**
     * Waits until none of them is left, as long as the call lasts; what is left then is killed, for which
     * there is a time of its own.
     */
    void awaitEnd(Call call, Duration killTime, Collection<String> ids) throws DewyException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Registration waking = call.onCancel(() -> over.complete(null))) {
            CompletableFuture.anyOf(over, gone(ids)).join();
        }
        try (CancellableCall killing = CancellableCall.of("end at once", killTime)) {
            for (String id : pending()) {
                if (ids.contains(id)) {
                    replicas.kill(killing, id);
                    forget(id);
                }
            }
        }
    }

    /** Leaves those that are not gone as they are. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        lifetime.close();
    }

    private synchronized CompletableFuture<Void> gone(Collection<String> ids) {
        return CompletableFuture.allOf(leaving.entrySet().stream()
                .filter(one -> ids.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .toArray(CompletableFuture<?>[]::new));
    }

    private synchronized void forget(String id) {
        leaving.remove(id);
    }

    private void dismiss(String id, Duration drainTime, Duration stopTimeout) {
        long deadline = System.nanoTime() + drainTime.toNanos();
        while (isWanted(id)) {
            Duration limit = drainTime.plus(stopTimeout).plus(SLACK);
            try (CancellableCall call = CancellableCall.of("end of " + id, limit)) {
                drain(lifetime.bind(call), id, Duration.ofNanos(deadline - System.nanoTime()));
                replicas.end(lifetime.bind(call), id, stopTimeout);
                forget(id);
            } catch (DewyException e) {
                pause(); // The proxy or the engine is away, or this instance is closed.
            }
        }
    }

    /** Once its time is over nothing is waited for, also when the proxy is away. */
    private void drain(Call call, String id, Duration left) throws DewyException {
        if (!left.isNegative()) {
            traffic.drain(call, id, left);
        }
    }

    private synchronized boolean isWanted(String id) {
        return leaving.containsKey(id) && !closed;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
