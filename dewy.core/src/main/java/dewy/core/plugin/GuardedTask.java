package dewy.core.plugin;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done on a thread of its own, so that whoever waits for it can give it up. Work within it that is guarded too
 * answers for itself meanwhile.
 */
final class GuardedTask<R> implements Runnable {
    private static final ThreadLocal<@Nullable GuardedTask<?>> CURRENT = new ThreadLocal<>();

    private final Guard.Work<R> work;
    private final CompletableFuture<R> outcome = new CompletableFuture<>();
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private volatile @Nullable Thread thread;
    private volatile boolean waiting;

    GuardedTask(Guard.Work<R> work) {
        this.work = work;
    }

    @Override
    @SuppressWarnings("IllegalCatch")
    public void run() {
        thread = Thread.currentThread();
        CURRENT.set(this);
        try {
            outcome.complete(work.run());
        } catch (Throwable e) { // Whatever a plugin throws is its own affair.
            outcome.completeExceptionally(e);
        } finally {
            CURRENT.remove();
            thread = null;
            over.complete(true);
        }
    }

    /**
     * Waits for what comes of it.
     *
     * @throws TimeoutException if it was given up
     */
    R await() throws ExecutionException, InterruptedException, TimeoutException {
        GuardedTask<?> outer = CURRENT.get();
        try {
            if (outer != null) {
                outer.waiting = true;
            }
            return outcome.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException givenUp && !over.isDone()) {
                throw givenUp;
            }
            throw e;
        } finally {
            if (outer != null) {
                outer.waiting = false;
            }
        }
    }

    /** Gives it up, unless it is other work that it waits for; returns false then. */
    boolean giveUp() {
        if (waiting) {
            return false;
        }
        outcome.completeExceptionally(new TimeoutException());
        interrupt();
        return true;
    }

    void interrupt() {
        Thread running = thread;
        if (running != null && !over.isDone()) {
            running.interrupt();
        }
    }

    boolean isOver() {
        return over.isDone();
    }

    /** Returns where it is now, in the code of the plugin rather than in that of the JDK. */
    String place() {
        Thread running = thread;
        StackTraceElement[] frames = running == null ? new StackTraceElement[0] : running.getStackTrace();
        Optional<StackTraceElement> own = Stream.of(frames)
                .filter(frame -> !frame.getClassName().matches("(java|javax|jdk|sun)\\..*"))
                .findFirst();
        return own.or(() -> Stream.of(frames).findFirst())
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .orElse("");
    }
}
