package dewy.runtime.process.time;

import dewy.api.Registration;
import java.time.Duration;
import java.time.Instant;

/** What time it is, and what is to be done later. Safe for use by several threads. */
public interface Timer {
    /** Returns the time of day, for people. */
    Instant now();

    /** Returns the nanoseconds of a monotonic clock, for measuring. */
    long nanoTime();

    /** Has {@code task}, which must not block, run once after {@code delay}. Closing the result takes it back. */
    Registration after(Duration delay, Runnable task);
}
