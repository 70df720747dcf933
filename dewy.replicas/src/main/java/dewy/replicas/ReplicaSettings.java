package dewy.replicas;

import dewy.api.plugin.Parameters;
import java.time.Duration;

/**
 * How many replicas of an app there are, and how they are exchanged.
 *
 * @param replicas how many serve
 * @param maxSurge how many more than these there may be during an update
 * @param maxUnavailable how many may be missing during an update
 * @param drainTime how long what is in flight to a replica may take before it is told to stop
 * @param stopTimeout how long a replica may take to stop before it is killed
 * @param maxRestarts how often in a row crashed replicas are started again
 */
public record ReplicaSettings(
        int replicas, int maxSurge, int maxUnavailable, Duration drainTime, Duration stopTimeout, int maxRestarts) {
    private static final int MOST_REPLICAS = 100;
    private static final int MOST_RESTARTS = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration TIME = Duration.ofSeconds(30);

    /** Reads the settings; what is wrong with them is told by {@link Parameters#finish}. */
    public static ReplicaSettings parse(Parameters parameters) {
        int replicas = (int) parameters.number("replicas", 1, MOST_REPLICAS, 1);
        int maxSurge = (int) parameters.number("max-surge", 0, MOST_REPLICAS, replicas);
        int maxUnavailable = (int) parameters.number("max-unavailable", 0, MOST_REPLICAS, 0);
        if (maxSurge == 0 && maxUnavailable == 0) {
            parameters.complain(
                    "max-surge", "with max-surge=0 and max-unavailable=0 no replica could ever be exchanged");
        }
        return new ReplicaSettings(
                replicas,
                maxSurge,
                maxUnavailable,
                duration(parameters, "drain-time"),
                duration(parameters, "stop-timeout"),
                (int) parameters.number("max-restarts", 0, MOST_RESTARTS, 10));
    }

    /** Returns the same, with another time to stop. */
    public ReplicaSettings withStopTimeout(Duration other) {
        return new ReplicaSettings(replicas, maxSurge, maxUnavailable, drainTime, other, maxRestarts);
    }

    /** Returns whether there may be two replicas at once. */
    public boolean overlaps() {
        return replicas > 1 || maxSurge > 0;
    }

    private static Duration duration(Parameters parameters, String name) {
        Duration duration = parameters.duration(name, TIME);
        if (duration.compareTo(LONGEST) > 0) {
            parameters.complain(name, name + " is longer than a day");
        }
        return duration;
    }
}
