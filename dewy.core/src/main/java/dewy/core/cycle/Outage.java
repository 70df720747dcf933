package dewy.core.cycle;

import dewy.api.runtime.RuntimeStatus;
import dewy.core.backoff.Backoff;
import dewy.core.backoff.Retries;
import dewy.core.journal.Installed;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The time from when what is deployed was given up until it has been up for a while again. It is started again at once the first
 * time, then later and later. For one thread.
 */
final class Outage {
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private final Duration stable;
    private Optional<Installed> release = Optional.empty();
    private Uptime uptime;
    private boolean down;
    private long began;
    private Retries retries;

    /** @param stable how long it must be up for the outage to be over */
    Outage(Backoff backoff, LongSupplier nanoTime, Duration stable) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
        this.stable = stable;
        this.uptime = new Uptime(nanoTime, Duration.ZERO);
        this.retries = new Retries(backoff, nanoTime);
    }

    /** Notes that a release is given up; returns whether an outage begins with it. */
    boolean givenUp(Installed deployed) {
        boolean begins = !isOf(deployed);
        if (begins) {
            release = Optional.of(deployed);
            began = nanoTime.getAsLong();
            retries = new Retries(backoff, nanoTime);
        }
        if (begins || !down) {
            retries.failedOnce();
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
        return isOf(deployed) && down ? retries.left() : Duration.ZERO;
    }

    /** Returns how often it was given up. */
    int times() {
        return retries.failures();
    }

    /** Returns how long it must be up for the outage to be over. */
    Duration stable() {
        return stable;
    }
}
