package dewy.registry.file;

import java.time.Duration;

/**
 * Turns a burst of events into few signals: one when the burst has ended or lasts long, and one more when everything has
 * settled. Times are readings of a monotonic clock in nanoseconds. For one thread.
 */
final class Burst {
    private static final long QUIET = Duration.ofMillis(50).toNanos();
    private static final long LONGEST = Duration.ofSeconds(1).toNanos();
    /** File times are coarser than the clock, so that a file is settled a little later than it says. */
    private static final long MARGIN = Duration.ofMillis(20).toNanos();

    private final long settle;
    private boolean bursting;
    private boolean settling;
    private long first;
    private long last;

    Burst(Duration settle) {
        this.settle = settle.toNanos() + MARGIN;
    }

    /** Notes an event. */
    void event(long now) {
        if (!bursting) {
            first = now;
        }
        bursting = true;
        settling = true;
        last = now;
    }

    /** Returns whether there is no signal to be given any more. */
    boolean isOver() {
        return !bursting && !settling;
    }

    /** Returns how long to wait for the next event before asking {@link #isDue} again. */
    long untilDue(long now) {
        long burst = bursting ? Math.min(last + QUIET - now, first + LONGEST - now) : Long.MAX_VALUE;
        long settled = settling ? last + settle - now : Long.MAX_VALUE;
        return Math.max(0, Math.min(burst, settled));
    }

    /** Returns whether a signal is to be given now, and takes it as given. */
    boolean isDue(long now) {
        boolean burstOver = bursting && (now - last >= QUIET || now - first >= LONGEST);
        boolean settled = settling && now - last >= settle;
        bursting &= !burstOver;
        settling &= !settled;
        return burstOver || settled;
    }
}
