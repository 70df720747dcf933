package dewy.replicas;

import java.time.Duration;
import java.time.Instant;

/**
 * Replicas that serve no more and are kept running, to be switched back to.
 *
 * @param generation what they are
 * @param until when they are to go, by the clock of the host, since that outlives the agent
 */
record Kept(Generation generation, Instant until) {
    /** Returns how much longer they are kept: no longer than they may be at most, should the clock have been set. */
    Duration left(Instant now, Duration most) {
        Duration left = Duration.between(now, until);
        return left.isNegative() ? Duration.ZERO : left.compareTo(most) > 0 ? most : left;
    }
}
