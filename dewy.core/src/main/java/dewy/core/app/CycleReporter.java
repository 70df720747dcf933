package dewy.core.app;

import dewy.core.cycle.Verdict;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells how cycles end. The same failure is told once, however often it repeats, and its end is told too. For one thread.
 */
final class CycleReporter {
    private Optional<String> told = Optional.empty();
    private int failures;

    /** Returns how many cycles have failed in a row. */
    int failures() {
        return failures;
    }

    void report(EventScope events, Verdict verdict, Duration wait) {
        if (verdict instanceof Verdict.Failed failed) {
            failed(events, failed, wait);
        } else if (verdict instanceof Verdict.TryLater later) {
            events.publish(EventKind.CYCLE_POSTPONED, later.reason(), later.delay());
        } else {
            recovered(events);
            if (verdict instanceof Verdict.NothingToDo nothing) {
                events.publish(EventKind.CYCLE_SKIPPED, nothing.reason());
            }
        }
    }

    private void failed(EventScope events, Verdict.Failed failed, Duration wait) {
        failures++;
        String error = failed.cause().problem().sentence();
        Optional<String> now = Optional.of(failed.step() + " " + failed.tag() + " " + error);
        EventKind kind = now.equals(told) ? EventKind.CYCLE_STILL_FAILING : EventKind.CYCLE_FAILED;
        told = now;
        events.publish(kind, failed.step(), error, wait);
    }

    private void recovered(EventScope events) {
        if (failures > 0) {
            events.publish(EventKind.CYCLE_RECOVERED, failures);
        }
        failures = 0;
        told = Optional.empty();
    }
}
