package dewy.core.cycle;

import dewy.api.runtime.RuntimeStatus;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How long what runs has been up without a crash, as far as it was looked at. For one thread. */
final class Uptime {
    /** What was up for so long without a crash is not about to be given up: it would have to crash again and again first. */
    static final Duration STABLE = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private boolean up = true;
    private int crashes;
    private long since;

    /** @param before for how long it has been up already */
    Uptime(LongSupplier nanoTime, Duration before) {
        this.nanoTime = nanoTime;
        since = nanoTime.getAsLong() - (before.isNegative() ? 0 : before.toNanos());
    }

    void look(RuntimeStatus status) {
        boolean isUp = status.state() == RuntimeStatus.State.RUNNING;
        if (!isUp || !up || status.crashes() > crashes) {
            since = nanoTime.getAsLong();
        }
        up = isUp;
        crashes = status.crashes();
    }

    /** Returns whether it has been up so long; the last look counts. */
    boolean isAtLeast(Duration time) {
        return up && nanoTime.getAsLong() - since >= time.toNanos();
    }
}
