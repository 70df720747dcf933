package dewy.proxy.traffic;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an event loop has open, or waits for, in the list of its {@link LoopConnections}: so it can be found when its backend
 * is drained, and when its time is over, without a timer of its own. Used by its event loop alone.
 */
public abstract class Connection {
    @Nullable
    Connection previous;

    @Nullable
    Connection next;

    boolean timed;
    long deadline;

    /** Has {@link #expired} called at that time, to a tenth of a second, instead of at the time that was set before. */
    protected final void expireIn(Duration time) {
        expireIn(time.toNanos());
    }

    /** As {@link #expireIn(Duration)}, in nanoseconds. */
    protected final void expireIn(long nanos) {
        deadline = System.nanoTime() + nanos;
        timed = true;
    }

    /** Has {@link #expired} not called any more. */
    protected final void expireNever() {
        timed = false;
    }

    /** The time that was set is over: it is closed, unless there is more to be done. It is not called again until one is set again. */
    protected void expired() {
        cut();
    }

    /** Returns the backend that it leads to, if any. */
    protected @Nullable Target target() {
        return null;
    }

    /** Returns whether it leads to a backend, but nothing is in flight on it. */
    protected boolean isIdle() {
        return false;
    }

    /** It is to be closed as soon as nothing is in flight on it. */
    protected void endSoon() {
        if (isIdle()) {
            cut();
        }
    }

    /** Closes it at once, with what is in flight on it. */
    protected abstract void cut();
}
