package dewy.core.cycle;

import dewy.api.runtime.RuntimeStatus;
import dewy.core.journal.Installed;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The time from when what is deployed was given up until it has been up for a while again. It is started again at once the first
 * time, then later and later. For one thread.
 */
final class Outage {
    private final RetryBackoff backoff;
    private final LongSupplier nanoTime;
    private final Duration stable;
    private Optional<Installed> release = Optional.empty();
    private Uptime uptime;
    private boolean down;
    private int times;
    private long began;
    private long retryAt;

    /** @param stable how long it must be up for the outage to be over */
    Outage(RetryBackoff backoff, LongSupplier nanoTime, Duration stable) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
        this.stable = stable;
        this.uptime = new Uptime(nanoTime, Duration.ZERO);
    }

    /** Notes that a release is given up; returns whether an outage begins with it. */
    boolean givenUp(Installed deployed) {
        boolean begins = !isOf(deployed);
        if (begins) {
            release = Optional.of(deployed);
            began = nanoTime.getAsLong();
            times = 0;
        }
        if (begins || !down) {
            times++;
            Duration wait = times == 1 ? Duration.ZERO : backoff.after(times);
            retryAt = nanoTime.getAsLong() + wait.toNanos();
        }
        down = true;
        return begins;
    }

    /** Looks at what is not given up; returns how long the outage lasted when it is over. */
    Optional<Duration> look(Installed deployed, RuntimeStatus status) {
        if (!isOf(deployed)) {
            release = Optional.empty();
            return Optional.empty();
        }
        if (down) {
            down = false;
            uptime = new Uptime(nanoTime, Duration.ZERO);
        }
        boolean isOver = uptime.isAtLeast(stable);
        uptime.look(status);
        if (!isOver) {
            return Optional.empty();
        }
        release = Optional.empty();
        return Optional.of(Duration.ofNanos(nanoTime.getAsLong() - began));
    }

    boolean isOf(Installed deployed) {
        return release.equals(Optional.of(deployed));
    }

    /** Returns how long it is to be left alone. */
    Duration wait(Installed deployed) {
        long left = isOf(deployed) && down ? retryAt - nanoTime.getAsLong() : 0;
        return Duration.ofNanos(Math.max(0, left));
    }

    /** Returns how often it was given up. */
    int times() {
        return times;
    }

    /** Returns how long it must be up for the outage to be over. */
    Duration stable() {
        return stable;
    }
}
