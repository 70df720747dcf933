package dewy.core.plugin;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Runs code of plugins so that whatever it does (throw, hang, ignore that it was cancelled) fails one call and no more. Work
 * that has not come back some seconds after its call ended is given up: it keeps its thread, and nobody waits for it any
 * more. Safe for use by several threads.
 */
public final class Guard {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Executor workers;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Duration grace;

    /** Something that code of a plugin does. */
    @FunctionalInterface
    public interface Work<R> {
        R run() throws Exception;
    }

    /** Something that code of a plugin does within a call. */
    @FunctionalInterface
    public interface CalledWork<R> {
        R run(CancellableCall call) throws Exception;
    }

    /** Code of a plugin does not come back, and was given up. */
    static final class StuckException extends DewyException {
        private static final long serialVersionUID = 1L;

        private final transient GuardedTask<?> task;

        StuckException(Problem problem, GuardedTask<?> task) {
            super(FailureKind.NETWORK, problem);
            this.task = task;
        }

        /** Returns where it hangs. */
        String place() {
            return task.place();
        }

        /** Returns whether it has come back after all. */
        boolean isOver() {
            return task.isOver();
        }
    }

    /**
     * Creates a guard.
     *
     * @param workers starts each task at once
     * @param timer ends calls, and the waiting for those who do not come back
     * @param nanoTime a monotonic clock
     */
    public Guard(Executor workers, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this(workers, timer, nanoTime, GRACE);
    }

    Guard(Executor workers, ScheduledExecutorService timer, LongSupplier nanoTime, Duration grace) {
        this.workers = workers;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.grace = grace;
    }

    /**
     * Does something within a limit.
     *
     * @param what is done and to what, for people: {@code use the registry}
     */
    public <R> R within(Duration limit, String what, Object on, CalledWork<R> work) throws DewyException {
        CancellableCall call = CancellableCall.of(what, Optional.empty(), limit, nanoTime, (part, done, total) -> {});
        try (call) {
            return run(call.expiredBy(timer), what, on, () -> work.run(call));
        }
    }

    /** Does something until its call ends; the call ends by itself when its time is over. */
    public <R> R run(CancellableCall call, String what, Object on, Work<R> work) throws DewyException {
        GuardedTask<R> task = new GuardedTask<>(work);
        try (Registration ending = call.onCancel(() -> giveUpAfter(grace, task))) {
            workers.execute(task);
            return task.await();
        } catch (TimeoutException e) {
            throw new StuckException(stuck(what, on, task), task);
        } catch (InterruptedException e) {
            task.interrupt();
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of(what, on, "it was interrupted", ""), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DewyException foreseen) {
                throw foreseen;
            }
            throw broken(what, on, Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private void giveUpAfter(Duration time, GuardedTask<?> task) {
        var unused = timer.schedule(
                () -> {
                    if (!task.giveUp()) {
                        giveUpAfter(LOOK_AGAIN, task);
                    }
                },
                time.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private static Problem stuck(String what, Object on, GuardedTask<?> task) {
        String place = task.place();
        String where = place.isEmpty() ? "" : "; it hangs in " + place;
        return Problem.of(what, on, "the plugin does not come back" + where, "Tell who made it, or replace it");
    }

    private static UnreachableException broken(String what, Object on, Throwable e) {
        return new UnreachableException(
                Problem.of(what, on, "the plugin failed unforeseen: " + e, "Tell who made it, or replace it"), e);
    }

    /** Returns whether a stack is that of a thread on which plugin code is run here. */
    public static boolean isBelow(StackTraceElement[] stack) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(GuardedTask.class.getName()));
    }
}
