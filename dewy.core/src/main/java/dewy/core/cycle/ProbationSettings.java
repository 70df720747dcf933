package dewy.core.cycle;

import java.time.Duration;

/**
 * When a release that was activated is no good after all.
 *
 * @param maxCrashes how often it may crash before it has stayed up for that time
 * @param time how long it must stay up
 */
public record ProbationSettings(int maxCrashes, Duration time) {
    /** Returns how long it must stay up so as not to be given up. */
    Duration stable() {
        return time.compareTo(Uptime.STABLE) < 0 ? Uptime.STABLE : time;
    }
}
