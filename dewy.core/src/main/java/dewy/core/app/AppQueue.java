package dewy.core.app;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.core.turn.Turns;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that happens to an app and changes it, one thing after the other. Safe for use by several threads. */
final class AppQueue {
    private record Scheduled(FutureTask<?> work, ScheduledFuture<?> start) {}

    private final Turns turns;
    private final ScheduledExecutorService timer;
    private @Nullable Scheduled next;

    AppQueue(String app, Timing timing) {
        turns = new Turns("dewy-app-" + app, timing.workers());
        timer = timing.timer();
    }

    /** Does something as soon as it is its turn; nothing when the app was stopped meanwhile. */
    void execute(Runnable work) {
        turns.add(task(work));
    }

    /** Does something as soon as it is its turn, or the other when the app is stopped before. */
    void execute(Runnable work, Consumer<CancelledException> otherwise) {
        FutureTask<?> task = new FutureTask<>(Executors.callable(work)) {
            @Override
            protected void done() {
                if (isCancelled()) {
                    otherwise.accept(stopped());
                }
            }
        };
        if (!turns.add(task)) {
            task.cancel(false);
        }
    }

    /** Does something after a time, instead of what was to be done so before. */
    synchronized void schedule(Runnable work, Duration delay) {
        unschedule();
        FutureTask<?> task = task(work);
        ScheduledFuture<?> start = timer.schedule(() -> turns.add(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        next = new Scheduled(task, start);
    }

    /** Does not do what was scheduled, even if only its turn has not come yet. */
    synchronized void unschedule() {
        if (next != null) {
            next.start().cancel(false);
            next.work().cancel(false);
            next = null;
        }
    }

    /**
     * Does something when it is its turn, and returns what came of it.
     *
     * @throws CancelledException if the app was stopped, or whoever waits is interrupted
     */
    <T> T call(Callable<T> work) throws DewyException {
        FutureTask<T> task = new FutureTask<>(work);
        if (!turns.add(task)) {
            throw stopped();
        }
        return await(task);
    }

    /** Returns whether something is being done. */
    boolean isBusy() {
        return turns.isTaken();
    }

    void shutDown() {
        unschedule();
        turns.end();
    }

    private static FutureTask<?> task(Runnable work) {
        return new FutureTask<>(Executors.callable(work));
    }

    private static <T> T await(Future<T> work) throws DewyException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DewyException foreseen) {
                throw foreseen;
            }
            throw new IllegalStateException("an app's work failed unforeseen", e.getCause());
        } catch (CancellationException e) {
            throw stopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(new Problem("wait for the app", "", "it was interrupted", ""));
        }
    }

    /** Returns what is thrown to those whose app was stopped before it was their turn, or in the middle of it. */
    static CancelledException stopped() {
        return new CancelledException(new Problem("ask the app", "", "it was stopped", ""));
    }
}
