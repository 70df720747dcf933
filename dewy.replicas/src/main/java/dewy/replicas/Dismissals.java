package dewy.replicas;

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
 * The replicas that are to go: each is drained, told to stop and removed, in its own time. Everything of that can be done
 * twice, so whoever takes over begins anew with those that are left. Safe for use by several threads.
 */
final class Dismissals {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Beside the time that draining and stopping may take. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private final Traffic traffic;
    private final ReplicaHost host;
    private final Executor threads;
    private final Lifetime lifetime = new Lifetime();
    private final Map<String, CompletableFuture<Void>> leaving = new LinkedHashMap<>();
    private boolean closed;

    Dismissals(Traffic traffic, ReplicaHost host, Executor threads) {
        this.traffic = traffic;
        this.host = host;
        this.threads = threads;
    }

    /** Has replicas go, to which nothing is routed any more. */
    synchronized void dismiss(Collection<String> names, Duration drainTime, Duration stopTimeout) {
        for (String name : names) {
            if (!leaving.containsKey(name)) {
                CompletableFuture<Void> going =
                        CompletableFuture.runAsync(() -> dismiss(name, drainTime, stopTimeout), threads);
                leaving.put(name, going.exceptionally(failure -> null));
            }
        }
    }

    /**
     * Has what is in flight to replicas come to its end, to which nothing is routed any more, and leaves them running. What is
     * routed to again meanwhile is left as it is.
     */
    void drain(Collection<String> names, Duration drainTime) {
        for (String name : names) {
            threads.execute(() -> drain(name, drainTime));
        }
    }

    private void drain(String name, Duration drainTime) {
        try (CancellableCall call = CancellableCall.of("drain of " + name, drainTime.plus(SLACK))) {
            traffic.drain(lifetime.bind(call), name, drainTime);
        } catch (DewyException e) {
            // It serves again, or the proxy is away; once it is to go, it is drained anew.
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
    void awaitEnd(Call call, Duration killTime, Collection<String> names) throws DewyException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Registration waking = call.onCancel(() -> over.complete(null))) {
            CompletableFuture.anyOf(over, gone(names)).join();
        }
        List<String> left = pending().stream().filter(names::contains).toList();
        try (CancellableCall killing = CancellableCall.of("end at once", killTime)) {
            CompletableFuture.allOf(left.stream()
                            .map(name -> CompletableFuture.runAsync(() -> kill(killing, name), threads)
                                    .exceptionally(failure -> null))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
            killing.check();
        }
    }

    /** Leaves those that are not gone as they are. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        lifetime.close();
    }

    /** Waits until none of them is left, as long as the call lasts. */
    void awaitEnd(Call call, Collection<String> names) throws DewyException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Registration waking = call.onCancel(() -> over.complete(null))) {
            CompletableFuture.anyOf(over, gone(names)).join();
        }
        call.check();
    }

    private void kill(Call call, String name) {
        try {
            host.kill(call, name);
            forget(name);
        } catch (DewyException e) {
            // The host is away: it is ended once that is back, or by the next agent.
        }
    }

    private synchronized CompletableFuture<Void> gone(Collection<String> names) {
        return CompletableFuture.allOf(leaving.entrySet().stream()
                .filter(one -> names.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .toArray(CompletableFuture<?>[]::new));
    }

    private synchronized void forget(String name) {
        leaving.remove(name);
    }

    private void dismiss(String name, Duration drainTime, Duration stopTimeout) {
        long deadline = System.nanoTime() + drainTime.toNanos();
        while (isWanted(name)) {
            Duration limit = drainTime.plus(stopTimeout).plus(SLACK);
            try (CancellableCall call = CancellableCall.of("end of " + name, limit)) {
                drain(lifetime.bind(call), name, Duration.ofNanos(deadline - System.nanoTime()));
                end(lifetime.bind(call), name, stopTimeout);
                forget(name);
            } catch (DewyException e) {
                pause(); // The proxy or the host is away, or this instance is closed.
            }
        }
    }

    /** Once its time is over nothing is waited for, also when the proxy is away. */
    private void drain(Call call, String name, Duration left) throws DewyException {
        if (!left.isNegative()) {
            traffic.drain(call, name, left);
        }
    }

    private void end(Call call, String name, Duration stopTimeout) throws DewyException {
        if (stopTimeout.isZero()) {
            host.kill(call, name);
        } else {
            host.end(call, name, stopTimeout);
        }
    }

    private synchronized boolean isWanted(String name) {
        return leaving.containsKey(name) && !closed;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
