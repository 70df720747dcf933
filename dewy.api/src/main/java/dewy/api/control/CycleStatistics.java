package dewy.api.control;

import dewy.api.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the deploy cycles of an app came to since the agent has it as it is defined now. What is counted only grows.
 *
 * @param app the name of the app
 * @param ended how many cycles ended in which way, in no order
 * @param polls how many times its registry was asked
 * @param polling how long that took altogether, until it was known whether there is anything to deploy
 * @param callsLeft how many more calls the registry answers for now, where it says so
 */
public record CycleStatistics(String app, List<Ended> ended, long polls, Duration polling, OptionalLong callsLeft) {
    /**
     * How many cycles ended in one way.
     *
     * @param outcome how they ended
     * @param step the step at which they did
     * @param failure what kind of failure it was, where it was one
     * @param cycles how many they are
     */
    public record Ended(CycleOutcome.Kind outcome, String step, Optional<FailureKind> failure, long cycles) {}

    public CycleStatistics {
        ended = List.copyOf(ended);
    }
}
