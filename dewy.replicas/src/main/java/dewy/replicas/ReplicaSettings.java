package dewy.replicas;

import dewy.api.plugin.Parameters;
import java.time.Duration;
import java.util.List;

/**
 * How many replicas of an app there are, and how they are exchanged.
 *
 * @param replicas how many serve
 * @param strategy how they are exchanged
 * @param keepBlue how long those that served before are kept running; only where they are exchanged all at once
 * @param maxSurge how many more than the replicas there may be during an update, where they are exchanged one by one
 * @param maxUnavailable how many may be missing then
 * @param drainTime how long what is in flight to a replica may take before it is told to stop
 * @param stopTimeout how long a replica may take to stop before it is killed
 * @param maxRestarts how often in a row crashed replicas are started again
 */
public record ReplicaSettings(
        int replicas,
        Strategy strategy,
        Duration keepBlue,
        int maxSurge,
        int maxUnavailable,
        Duration drainTime,
        Duration stopTimeout,
        int maxRestarts) {
    /** How replicas are exchanged. */
    public enum Strategy {
        /** One by one. */
        ROLLING,
        /** All at once. */
        BLUE_GREEN
    }

    private static final int MOST_REPLICAS = 100;
    private static final int MOST_RESTARTS = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration KEEPING = Duration.ofMinutes(5);

    /** Reads the settings; what is wrong with them is told by {@link Parameters#finish}. */
    public static ReplicaSettings parse(Parameters parameters) {
        int replicas = (int) parameters.number("replicas", 1, MOST_REPLICAS, 1);
        Strategy strategy = strategy(parameters);
        boolean isRolling = strategy == Strategy.ROLLING;
        refuse(parameters, isRolling, "blue-green", List.of("keep-blue"));
        refuse(parameters, !isRolling, "rolling", List.of("max-surge", "max-unavailable"));
        int maxSurge = (int) parameters.number("max-surge", 0, MOST_REPLICAS, replicas);
        int maxUnavailable = (int) parameters.number("max-unavailable", 0, MOST_REPLICAS, 0);
        if (maxSurge == 0 && maxUnavailable == 0) {
            parameters.complain(
                    "max-surge", "with max-surge=0 and max-unavailable=0 no replica could ever be exchanged");
        }
        return new ReplicaSettings(
                replicas,
                strategy,
                isRolling ? Duration.ZERO : duration(parameters, "keep-blue", KEEPING),
                maxSurge,
                maxUnavailable,
                duration(parameters, "drain-time", TIME),
                duration(parameters, "stop-timeout", TIME),
                (int) parameters.number("max-restarts", 0, MOST_RESTARTS, 10));
    }

    /** Returns the same, with another time to stop. */
    public ReplicaSettings withStopTimeout(Duration other) {
        return new ReplicaSettings(
                replicas, strategy, keepBlue, maxSurge, maxUnavailable, drainTime, other, maxRestarts);
    }

    /** Returns whether there may be two replicas at once. */
    public boolean overlaps() {
        return replicas > 1 || maxSurge > 0 || strategy == Strategy.BLUE_GREEN;
    }

    private static Strategy strategy(Parameters parameters) {
        String name = parameters.text("strategy").orElse("rolling");
        switch (name) {
            case "rolling" -> {
                return Strategy.ROLLING;
            }
            case "blue-green" -> {
                return Strategy.BLUE_GREEN;
            }
            default -> parameters.complain("strategy", "strategy=" + name + " is neither rolling nor blue-green");
        }
        return Strategy.ROLLING;
    }

    /** What the strategy does not heed would be taken to have been heeded. */
    private static void refuse(Parameters parameters, boolean isOther, String strategy, List<String> names) {
        for (String name : names) {
            if (parameters.text(name).isPresent() && isOther) {
                parameters.complain(name, name + " is for strategy=" + strategy);
            }
        }
    }

    private static Duration duration(Parameters parameters, String name, Duration otherwise) {
        Duration duration = parameters.duration(name, otherwise);
        if (duration.compareTo(LONGEST) > 0) {
            parameters.complain(name, name + " is longer than a day");
        }
        return duration;
    }
}
