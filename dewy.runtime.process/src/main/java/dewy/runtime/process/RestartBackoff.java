package dewy.runtime.process;

import java.time.Duration;
import java.util.Optional;

/**
 * How long to wait before a crashed server is started again: 1 s, then twice as long each time, up to 60 s; and whether
 * to try at all. Not safe for use by several threads.
 */
final class RestartBackoff {
    /** A server that ran so long has not crashed in a row with the crashes before. */
    static final Duration STABLE = Duration.ofSeconds(60);

    private static final long LONGEST_SECONDS = 60;

    private final int maxRestarts;
    private int restarts;

    /** Starts with {@code restarts} in a row already behind it. */
    RestartBackoff(int maxRestarts, int restarts) {
        this.maxRestarts = maxRestarts;
        this.restarts = restarts;
    }

    /** Counts a crash and returns how long to wait, or nothing when it was restarted too often in a row. */
    Optional<Duration> afterCrash(Duration uptime) {
        if (uptime.compareTo(STABLE) >= 0) {
            reset();
        }
        if (restarts >= maxRestarts) {
            return Optional.empty();
        }
        long seconds = Math.min(LONGEST_SECONDS, 1L << Math.min(restarts, 6));
        restarts++;
        return Optional.of(Duration.ofSeconds(seconds));
    }

    void reset() {
        restarts = 0;
    }

    /** Returns how many restarts in a row were granted. */
    int restarts() {
        return restarts;
    }
}
