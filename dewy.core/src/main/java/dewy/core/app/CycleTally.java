package dewy.core.app;

import dewy.api.FailureKind;
import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleStatistics;
import dewy.api.control.CycleStatistics.Ended;
import dewy.core.cycle.CycleStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Counts what the cycles of an app come to. Safe for use by several threads. */
final class CycleTally {
    private record Way(CycleOutcome.Kind outcome, String step, Optional<FailureKind> failure) {}

    private final Map<Way, Long> ended = new HashMap<>();
    private long polls;
    private Duration polling = Duration.ZERO;
    private OptionalLong callsLeft = OptionalLong.empty();

    /**
     * Counts a cycle.
     *
     * @param left how many more calls the registry answers, where it said so
     */
    synchronized void count(CycleOutcome outcome, StepTimes steps, OptionalLong left) {
        ended.merge(new Way(outcome.outcome(), outcome.step(), outcome.failure()), 1L, Long::sum);
        steps.of(CycleStep.POLL).ifPresent(time -> {
            polls++;
            polling = polling.plus(time);
        });
        callsLeft = left;
    }

    /** Returns all there is so far. */
    synchronized CycleStatistics read(String app) {
        List<Ended> ways = new ArrayList<>();
        ended.forEach((way, cycles) -> ways.add(new Ended(way.outcome(), way.step(), way.failure(), cycles)));
        return new CycleStatistics(app, ways, polls, polling, callsLeft);
    }
}
