package dewy.runtime.process;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.route.Router;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The wait for a backend to have answered all. While the proxy is away it is tried again, as long as its time lasts: nothing
 * keeps a server from going for longer. Safe for use by several threads.
 */
final class Drain {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** For the proxy to cut what is left at the limit. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final Router router;
    private final String backend;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private long deadline;
    private boolean abandoned;
    private @Nullable CancellableCall current;

    Drain(Router router, String backend, Duration limit) {
        this.router = router;
        this.backend = backend;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /** Begins, on a thread of its own, and ends in time. */
    void start() {
        Thread thread = new Thread(this::run, "dewy-drain-" + backend);
        thread.setDaemon(true);
        thread.start();
    }

    CompletableFuture<Void> over() {
        return over;
    }

    /** Has it end sooner, if that is sooner. */
    synchronized void hurry(Duration limit) {
        long sooner = System.nanoTime() + limit.toNanos();
        if (sooner - deadline < 0) {
            deadline = sooner;
            interrupt("there is less time");
        }
    }

    /** Ends it without anybody being told. */
    synchronized void abandon() {
        abandoned = true;
        interrupt("somebody else goes on");
    }

    private void run() {
        boolean done = false;
        while (!done) {
            done = tryOnce();
        }
        if (!isAbandoned()) {
            over.complete(null);
        }
    }

    private boolean tryOnce() {
        Duration left = left();
        try (CancellableCall call = begin(left)) {
            int unused = router.drain(call, backend, left);
            return true;
        } catch (DewyException e) {
            return isAbandoned() || left().isZero() || isInterruptedIn(left());
        }
    }

    private synchronized CancellableCall begin(Duration left) {
        CancellableCall call = CancellableCall.of("drain of " + backend, left.plus(SLACK));
        current = call;
        if (abandoned) {
            interrupt("somebody else goes on");
        }
        return call;
    }

    private synchronized Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private synchronized boolean isAbandoned() {
        return abandoned;
    }

    private void interrupt(String why) {
        if (current != null) {
            current.cancel(why);
        }
    }

    private static boolean isInterruptedIn(Duration left) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), left.toNanos()));
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
