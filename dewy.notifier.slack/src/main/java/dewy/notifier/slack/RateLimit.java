package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.RateLimitedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Keeps away from Slack while it asks for that. Measured on a monotonic clock; the wall clock is only for telling when it
 * ends. For one thread.
 */
final class RateLimit {
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final Problems problems;
    private Duration wait = Duration.ZERO;
    private long since;

    RateLimit(InstantSource clock, LongSupplier nanoTime, Pause pause, Problems problems) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.problems = problems;
    }

    /** Slack takes nothing for as long as {@code given}, from now on. */
    void begin(Duration given) {
        wait = given;
        since = nanoTime.getAsLong();
    }

    /**
     * Returns when Slack may be asked again.
     *
     * @throws RateLimitedException at once, if that is not before the call's deadline
     */
    void await(Call call) throws DewyException {
        Duration left = wait.minusNanos(nanoTime.getAsLong() - since);
        if (left.isZero() || left.isNegative()) {
            return;
        }
        if (left.compareTo(call.remaining()) >= 0) {
            call.check();
            throw new RateLimitedException(
                    problems.of(
                            "Slack takes no more messages for " + Math.max(1, left.toSeconds()) + " s",
                            "Add quiet=true to the notifier's URL to send fewer"),
                    clock.instant().plus(left));
        }
        pause.await(call, left);
    }
}
