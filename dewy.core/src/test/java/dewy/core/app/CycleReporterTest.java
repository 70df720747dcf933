package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.core.cycle.CycleStep;
import dewy.core.cycle.Verdict;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CycleReporterTest {
    private final List<Event> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final EventScope scope = new EventStream(() -> now, events::add, Runnable::run).scope("web");
    private final CycleReporter reporter = new CycleReporter(() -> now);

    @Test
    void tellsTheSameFailureOnceAndThatNoMoreIsTold() {
        fail("gone", "gone", "gone", "gone", "gone");

        assertThat(types())
                .containsExactly(
                        "cycle.failed",
                        "cycle.still_failing",
                        "cycle.still_failing",
                        "cycle.silenced",
                        "cycle.still_failing",
                        "cycle.still_failing");
    }

    @Test
    void tellsOtherFailuresUpToTheThirdInARow() {
        fail("a", "b", "c", "d", "d");

        assertThat(types())
                .containsExactly(
                        "cycle.failed",
                        "cycle.failed",
                        "cycle.failed",
                        "cycle.silenced",
                        "cycle.failed_silently",
                        "cycle.still_failing");
    }

    @Test
    void tellsRecoveryWithCountAndDuration() {
        fail("a", "b", "c", "d");
        now = now.plus(Duration.ofMinutes(5));
        report(scope, new Verdict.Deployed("v1.0.0"), Duration.ZERO, true);
        fail("a");

        assertThat(types()).endsWith("cycle.recovered", "cycle.failed");
        assertThat(events.get(events.size() - 2).data())
                .containsEntry("failures", "4")
                .containsEntry("duration", "5m0s");
        assertThat(reporter.failures()).isEqualTo(1);
    }

    @Test
    void countsOnceWhatFailsWhileAnAgentStartsAndPluginsComeAndGo() {
        for (String cause : List.of(AppWatch.START, AppWatch.START, AppWatch.CHANGE, AppWatch.PLUGIN)) {
            report(scope.during("", cause, "dewy"), failed("gone"), Duration.ofSeconds(1), false);
        }
        assertThat(reporter.failures()).isEqualTo(1);
        assertThat(types()).doesNotContain("cycle.silenced");

        fail("gone", "gone");
        assertThat(reporter.failures()).isEqualTo(3);
        assertThat(types()).endsWith("cycle.silenced");
    }

    @Test
    void neitherCountsNorForgetsWhilePostponed() {
        fail("a", "b");
        report(
                scope,
                new Verdict.TryLater(CycleStep.GATE, "busy", Duration.ofSeconds(1), Optional.empty()),
                Duration.ZERO,
                false);
        fail("c");

        assertThat(types()).endsWith("cycle.failed", "cycle.postponed", "cycle.failed", "cycle.silenced");
    }

    @Test
    void tellsNoRecoveryOfAReleaseThatAPersonCancelled() {
        UnreachableException gone = new UnreachableException(new Problem("download", "app.zip", "no route", ""));
        Optional<String> tag = Optional.of("v1.0.0");
        report(scope, new Verdict.Failed(CycleStep.FETCH, gone, tag, Duration.ZERO), Duration.ZERO, true);
        report(scope, new Verdict.Cancelled(CycleStep.FETCH, "bob", tag, true), Duration.ZERO, true);
        report(scope, new Verdict.HeldBack("it was cancelled", tag), Duration.ZERO, false);

        assertThat(types()).containsExactly("cycle.failed", "deployment.cancelled", "cycle.skipped");
        assertThat(reporter.failures()).isZero();
    }

    @Test
    void tellsTheRecoveryOfARegistryWhateverIsLeftAlone() {
        fail("gone");
        report(scope, new Verdict.HeldBack("it was cancelled", Optional.of("v1.0.0")), Duration.ZERO, false);

        assertThat(types()).endsWith("cycle.recovered", "cycle.skipped");
    }

    @Test
    void tellsTheVersionAndHowLongItIsLeftAlone() {
        UnreachableException gone = new UnreachableException(new Problem("download", "app.zip", "no route", ""));
        Duration poll = Duration.ofSeconds(10);
        Optional<String> tag = Optional.of("v1.0.0");
        report(scope, new Verdict.Failed(CycleStep.FETCH, gone, tag, Duration.ofMinutes(2)), poll, false);
        report(scope, new Verdict.Failed(CycleStep.SELECT, gone, Optional.empty(), Duration.ZERO), poll, false);

        assertThat(events.get(0).data()).containsEntry("retry_in", "2m0s").containsEntry("version", "v1.0.0");
        assertThat(events.get(1).data()).containsEntry("retry_in", "10s").doesNotContainKey("version");
    }

    @Test
    void tellsHowEachDeploymentEndedThatWasTold() {
        UnreachableException gone = new UnreachableException(new Problem("download", "app.zip", "no route", ""));
        Optional<String> tag = Optional.of("v1.0.0");
        Verdict failed = new Verdict.Failed(CycleStep.FETCH, gone, tag, Duration.ZERO);
        Verdict postponed = new Verdict.TryLater(CycleStep.FETCH, "not there yet", Duration.ofSeconds(1), tag);
        Verdict interrupted = new Verdict.Interrupted(CycleStep.FETCH, "the app was stopped", tag);
        for (Verdict verdict : List.of(failed, failed, postponed, interrupted)) {
            report(scope, verdict, Duration.ofSeconds(1), true);
        }

        assertThat(types())
                .containsExactly(
                        "cycle.failed", "deployment.still_failing", "deployment.postponed", "deployment.interrupted");
        assertThat(events.get(3).data()).doesNotContainKey("retry_in");
        assertThat(events.subList(1, 4)).allSatisfy(event -> {
            assertThat(event.level()).isEqualTo(Level.INFO);
            assertThat(event.data()).containsEntry("version", "v1.0.0");
        });
    }

    private void fail(String... reasons) {
        for (String reason : reasons) {
            report(scope, failed(reason), Duration.ofSeconds(1), false);
        }
    }

    private static Verdict failed(String reason) {
        UnreachableException gone = new UnreachableException(new Problem("poll", "", reason, ""));
        return new Verdict.Failed(CycleStep.POLL, gone, Optional.empty(), Duration.ZERO);
    }

    private List<String> types() {
        return events.stream().map(Event::type).toList();
    }

    private void report(EventScope events, Verdict verdict, Duration wait, boolean begun) {
        reporter.report(events, verdict, wait, begun, Optional.of("0a1b2c3d"));
    }
}
