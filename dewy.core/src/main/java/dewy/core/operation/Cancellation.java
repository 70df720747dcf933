package dewy.core.operation;

import dewy.api.CancellableCall;
import dewy.api.Registration;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether an operation may still be cancelled, who did so, and what ends then. Safe for use by several threads. */
final class Cancellation {
    /** How far the operation is for who cancels it. */
    enum Stage {
        OPEN,
        /** What it is for takes effect. */
        COMMITTED,
        OVER
    }

    private Stage stage = Stage.OPEN;
    private boolean committed;
    private Optional<String> by = Optional.empty();
    private @Nullable CancellableCall work;

    static String reason(String who) {
        return "it was cancelled by " + who;
    }

    /** Returns who asked for it, and was not too late. */
    synchronized Optional<String> by() {
        return by;
    }

    /** Returns whether the operation has taken effect, or was about to. */
    synchronized boolean isCommitted() {
        return committed;
    }

    /** Has a call end when the operation is cancelled, until that is taken back. */
    synchronized Registration within(CancellableCall now) {
        work = now;
        by.ifPresent(who -> now.cancel(reason(who)));
        return () -> leave(now);
    }

    private synchronized void leave(CancellableCall done) {
        if (done.equals(work)) {
            work = null;
        }
    }

    /** Notes who wants it cancelled, if it is in time; returns how far it is. */
    synchronized Stage request(String who) {
        if (stage == Stage.OPEN && by.isEmpty()) {
            by = Optional.of(who);
        }
        return stage;
    }

    /** Ends what is done now; returns false where there is nothing. */
    boolean endWork(String who) {
        CancellableCall now;
        synchronized (this) {
            now = work;
        }
        if (now != null) {
            now.cancel(reason(who));
        }
        return now != null;
    }

    /** Notes that it is too late from now on; returns false when somebody was before that. */
    synchronized boolean tryCommit() {
        boolean isInTime = by.isEmpty();
        if (isInTime) {
            reach(Stage.COMMITTED);
        }
        return isInTime;
    }

    /** Notes that it is too late, also for who came before; returns who that was. */
    synchronized Optional<String> commit() {
        Optional<String> late = by;
        by = Optional.empty();
        work = null;
        reach(Stage.COMMITTED);
        return late;
    }

    /** Notes that the operation has ended. */
    synchronized void end() {
        reach(Stage.OVER);
    }

    private void reach(Stage next) {
        committed |= next == Stage.COMMITTED;
        stage = stage == Stage.OVER ? stage : next;
        notifyAll();
    }

    /** Waits for whether it was in time, but not longer than that; returns how far it is. */
    synchronized Stage awaitEffect(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long left = patience.toNanos();
        while (left > 0 && stage == Stage.OPEN) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        return stage;
    }
}
