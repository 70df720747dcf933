package dewy.core.backoff;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The failures in a row of one thing, and how long it is left alone after the last of them. For one thread. */
public final class Retries {
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private int failures;
    private long retryAt;

    /** @param nanoTime a monotonic clock */
    public Retries(Backoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
    }

    /** Notes a failure after which it is left alone; returns for how long. */
    public Duration failed() {
        failures++;
        return leaveAlone(backoff.after(failures));
    }

    /** Notes a failure; after the first one it may be tried again at once. */
    public void failedOnce() {
        failures++;
        leaveAlone(failures == 1 ? Duration.ZERO : backoff.after(failures));
    }

    private Duration leaveAlone(Duration wait) {
        retryAt = nanoTime.getAsLong() + wait.toNanos();
        return wait;
    }

    /** Returns how many failures there were. */
    public int failures() {
        return failures;
    }

    /** Returns how long it is still to be left alone; zero when it may be tried. */
    public Duration left() {
        return failures == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, retryAt - nanoTime.getAsLong()));
    }
}
