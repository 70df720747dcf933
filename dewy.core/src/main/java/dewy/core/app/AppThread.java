package dewy.core.app;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The thread on which everything happens that changes an app, one thing after the other. */
final class AppThread {
    private static final int STACK = 512 << 10;

    private final ScheduledThreadPoolExecutor executor;
    private @Nullable ScheduledFuture<?> next;

    AppThread(String app) {
        executor = new ScheduledThreadPoolExecutor(1, task -> new Thread(null, task, "dewy-app-" + app, STACK));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Does something as soon as it is its turn; nothing when the app was stopped meanwhile. */
    void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            // The app was stopped meanwhile.
        }
    }

    /** Does something after a time, instead of what was to be done so before. Called on the thread itself. */
    void schedule(Runnable work, Duration delay) {
        unschedule();
        next = executor.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Does not do what was scheduled. Called on the thread itself. */
    void unschedule() {
        if (next != null) {
            next.cancel(false);
        }
    }

    /**
     * Does something when it is its turn, and returns what came of it.
     *
     * @throws CancelledException if the app was stopped, or whoever waits is interrupted
     */
    <T> T call(Callable<T> work) throws DewyException {
        try {
            return await(executor.submit(work));
        } catch (RejectedExecutionException e) {
            throw new CancelledException(new Problem("ask the app", "", "it was stopped", ""));
        }
    }

    void shutDown() {
        executor.shutdownNow();
    }

    private static <T> T await(Future<T> work) throws DewyException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DewyException foreseen) {
                throw foreseen;
            }
            throw new IllegalStateException("an app's work failed unforeseen", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(new Problem("wait for the app", "", "it was interrupted", ""));
        }
    }
}
