package dewy.core.app;

import dewy.core.cycle.HookFailedException;
import dewy.core.cycle.Verdict;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Tells how cycles end. The same failure is told once, however often it repeats; after three failures in a row people are
 * told that they hear no more, and that is so until it recovers. The log has every failure. A release that was quarantined has
 * told so itself, and is no failure of the app. For one thread.
 */
final class CycleReporter {
    private static final int TOLD_IN_A_ROW = 3;
    /** Why a cycle is run before it is time, unless somebody asks for it. */
    private static final Set<String> MEANWHILE = Set.of(AppWatch.START, AppWatch.CHANGE, AppWatch.PLUGIN);

    private final InstantSource clock;
    private Optional<String> told = Optional.empty();
    private boolean ofRelease;
    private Instant since = Instant.EPOCH;
    private int failures;

    CycleReporter(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns how many cycles have failed in a row. */
    int failures() {
        return failures;
    }

    /**
     * Tells how a cycle ended.
     *
     * @param begun whether it began a deployment and told so, so that the log is to show how that ended
     * @param capsule the id of the evidence, where it failed and that is kept
     */
    void report(EventScope events, Verdict verdict, Duration wait, boolean begun, Optional<String> capsule) {
        if (verdict instanceof Verdict.Failed failed) {
            failed(events, failed, wait, begun, capsule);
        } else if (verdict instanceof Verdict.TryLater later) {
            postponed(events, later, begun);
        } else if (verdict instanceof Verdict.Interrupted interrupted) {
            interrupted(events, interrupted, begun);
        } else if (verdict instanceof Verdict.Cancelled cancelled) {
            events.publish(
                    EventKind.DEPLOYMENT_CANCELLED,
                    cancelled.step(),
                    cancelled.tag().orElse(""),
                    cancelled.by());
        } else if (verdict instanceof Verdict.HeldBack held) {
            heldBack(events, held);
        } else if (!(verdict instanceof Verdict.Quarantined || verdict instanceof Verdict.Paused)) {
            recovered(events);
            if (verdict instanceof Verdict.NothingToDo nothing) {
                events.publish(EventKind.CYCLE_SKIPPED, nothing.reason());
            }
        }
    }

    /** A release that failed and is only not tried any more has not recovered. */
    private void heldBack(EventScope events, Verdict.HeldBack held) {
        if (ofRelease) {
            forget();
        } else {
            recovered(events);
        }
        events.publish(EventKind.CYCLE_SKIPPED, held.reason());
    }

    private static void postponed(EventScope events, Verdict.TryLater later, boolean begun) {
        if (begun) {
            events.publish(
                    EventKind.DEPLOYMENT_POSTPONED,
                    later.reason(),
                    later.delay(),
                    later.tag().orElse(""));
        } else {
            events.publish(EventKind.CYCLE_POSTPONED, later.reason(), later.delay());
        }
    }

    private static void interrupted(EventScope events, Verdict.Interrupted interrupted, boolean begun) {
        EventKind kind = begun ? EventKind.DEPLOYMENT_INTERRUPTED : EventKind.CYCLE_INTERRUPTED;
        events.publish(
                kind,
                interrupted.step(),
                interrupted.reason(),
                interrupted.tag().orElse(""));
    }

    private void failed(
            EventScope events, Verdict.Failed failed, Duration wait, boolean begun, Optional<String> capsule) {
        if (failures == 0) {
            since = clock.instant();
        }
        // What is tried since something has changed may come many times within a moment, as when an agent starts.
        boolean counts = failures == 0 || !MEANWHILE.contains(events.cause());
        failures += counts ? 1 : 0;
        String error = failed.cause().problem().sentence();
        Optional<String> now = Optional.of(failed.step() + " " + failed.tag() + " " + error);
        Duration retryIn = wait.compareTo(failed.leftAlone()) < 0 ? failed.leftAlone() : wait;
        events.publish(
                kind(failed, now, begun),
                failed.step(),
                error,
                retryIn,
                failed.tag().orElse(""),
                capsule.orElse(""));
        told = now;
        ofRelease = failed.tag().isPresent();
        if (counts && failures == TOLD_IN_A_ROW) {
            events.publish(EventKind.CYCLE_SILENCED, failures);
        }
    }

    private EventKind kind(Verdict.Failed failed, Optional<String> now, boolean begun) {
        if (now.equals(told)) {
            return begun ? EventKind.DEPLOYMENT_STILL_FAILING : EventKind.CYCLE_STILL_FAILING;
        }
        boolean silent = failures > TOLD_IN_A_ROW || failed.cause() instanceof HookFailedException;
        return silent ? EventKind.CYCLE_FAILED_SILENTLY : EventKind.CYCLE_FAILED;
    }

    private void recovered(EventScope events) {
        if (failures > 0) {
            events.publish(EventKind.CYCLE_RECOVERED, failures, Duration.between(since, clock.instant()));
        }
        forget();
    }

    private void forget() {
        failures = 0;
        told = Optional.empty();
        ofRelease = false;
    }
}
