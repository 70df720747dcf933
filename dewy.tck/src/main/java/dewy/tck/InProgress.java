package dewy.tck;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Something that goes on in a thread of its own. */
final class InProgress {
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final String what;
    private final Thread thread;

    private InProgress(String what, ThrowingCallable action) {
        this.what = what;
        this.thread = new Thread(() -> run(action), "contract");
        thread.setDaemon(true);
    }

    static InProgress start(String what, ThrowingCallable action) {
        InProgress started = new InProgress(what, action);
        started.thread.start();
        return started;
    }

    /** Waits for its end, and passes on how it failed, if it did. */
    void await(Duration limit) throws Throwable {
        try {
            done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        } catch (TimeoutException e) {
            AssertionError late = new AssertionError(what + " goes on for longer than " + limit + ", at:");
            late.setStackTrace(thread.getStackTrace());
            throw late;
        }
    }

    boolean isOver() {
        return done.isDone();
    }

    @SuppressWarnings("IllegalCatch")
    private void run(ThrowingCallable action) {
        try {
            action.call();
            done.complete(null);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }
}
