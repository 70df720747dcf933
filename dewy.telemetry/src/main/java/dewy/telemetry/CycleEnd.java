package dewy.telemetry;

import dewy.api.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an event {@code cycle.ended} tells.
 *
 * @param outcome how the cycle ended, such as {@code deployed}
 * @param step where it ended
 * @param failure what kind of failure it was; empty where it was none
 * @param version what it was about; empty where it did not get so far
 * @param steps what it went through
 */
record CycleEnd(String outcome, String step, String failure, String version, List<Step> steps) {
    static final String TYPE = "cycle.ended";

    /** What comes before anything is changed. */
    private static final Set<String> LOOKING = Set.of("pause", "listen", "poll", "select", "gate", "serve", "watch");

    /** A step, and how long it took. */
    record Step(String name, Duration time) {
        private static Step parse(String text) {
            String[] words = text.split(" ", -1);
            return new Step(words[0], Duration.ofMillis(Long.parseLong(words[1].replace("ms", ""))));
        }
    }

    static CycleEnd of(Event event) {
        String steps = event.data().getOrDefault("steps", "");
        return new CycleEnd(
                event.data().getOrDefault("outcome", ""),
                event.data().getOrDefault("step", ""),
                event.data().getOrDefault("failure", ""),
                event.data().getOrDefault("version", ""),
                steps.isEmpty()
                        ? List.of()
                        : Pattern.compile(", ")
                                .splitAsStream(steps)
                                .map(Step::parse)
                                .toList());
    }

    boolean isDeployed() {
        return "deployed".equals(outcome);
    }

    boolean isFailed() {
        return "failed".equals(outcome);
    }

    /** Returns whether it was about to change something when it ended. */
    boolean isBehindGates() {
        return !LOOKING.contains(step);
    }

    /** Returns how long all of it took. */
    Duration whole() {
        return sum(steps);
    }

    /** Returns how long it took from behind the gates. */
    Duration deploying() {
        return sum(steps.stream().filter(one -> !LOOKING.contains(one.name())).toList());
    }

    /** Returns how long a step took; empty if it was not entered. */
    Optional<Duration> time(String name) {
        return steps.stream()
                .filter(one -> one.name().equals(name))
                .map(Step::time)
                .findFirst();
    }

    private static Duration sum(List<Step> some) {
        return some.stream().map(Step::time).reduce(Duration.ZERO, Duration::plus);
    }
}
