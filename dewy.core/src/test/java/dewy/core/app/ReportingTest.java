package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.ApplicationException;
import dewy.api.Problem;
import dewy.api.control.AppState;
import dewy.api.control.CycleOutcome;
import dewy.api.runtime.RuntimeStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a registry hears, and what becomes of what it selects itself. */
@Timeout(30)
class ReportingTest {
    private static final String NOT_STARTED = "Cannot start v2.0.0: it exited at once";

    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void deployTheFirst() throws Exception {
        host = new ScriptedHost(folder);
        host.publish("v1.0.0");
        deploy();
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void tellsOfAReleaseThatWasQuarantinedOnce() throws Exception {
        host.failing.add("v2.0.0");
        host.publish("v2.0.0");
        deploy();
        deploy();
        assertThat(host.reported).containsExactly("v1.0.0", "v2.0.0: " + NOT_STARTED);
    }

    @Test
    void tellsOfEachAttemptThatFailed() throws Exception {
        host.breaking.add("v2.0.0");
        host.publish("v2.0.0");
        host.cycle();
        host.cycle();
        assertThat(host.reported).containsExactly("v1.0.0", "v2.0.0: Cannot read v2.0.0: for the test");
        host.pass(Duration.ofHours(2));
        host.breaking.clear();
        host.failing.add("v2.0.0");
        host.cycle();
        assertThat(host.reported)
                .containsExactly("v1.0.0", "v2.0.0: Cannot read v2.0.0: for the test", "v2.0.0: " + NOT_STARTED);
    }

    @Test
    void tellsOfWhatTurnedOutToBeNoGoodAndOfWhatServesInstead() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.crash(0, State.FAILED);
        deploy();
        assertThat(host.reported)
                .containsExactly(
                        "v1.0.0",
                        "v2.0.0",
                        "v2.0.0: Cannot keep v2.0.0 running: it was given up before it had stayed up for 60s: it exited"
                                + " with status 1",
                        "v1.0.0");
    }

    @Test
    void tellsOfARollbackThatFailed() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.hopeless.put("v1.0.0", new ApplicationException(new Problem("start", "v1.0.0", "it is gone", "")));
        host.app().control().rollback(Optional.empty(), "test");
        assertThat(host.reported).containsExactly("v1.0.0", "v2.0.0", "v1.0.0: Cannot start v1.0.0: it is gone");
    }

    @Test
    void tellsOfAnAttemptThatTookTooLong() throws Exception {
        host.publish("v2.0.0");
        host.whenActivated = call -> {
            host.pass(Duration.ofHours(3));
            call.check();
        };
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.FAILED);
        assertThat(host.told("report.failed")).isEmpty();
        assertThat(host.reported).containsExactly("v1.0.0", "v2.0.0: Cannot go on: the time allowed for it is over");
    }

    @Test
    void changesNothingWhereAReportFails() throws Exception {
        host.deaf = true;
        host.failing.add("v2.0.0");
        host.publish("v2.0.0");

        CycleOutcome outcome = deploy();

        assertThat(outcome.reason()).isEqualTo("v2.0.0 is left out and v1.0.0 in force: " + NOT_STARTED);
        assertThat(host.app().status().quarantined()).containsOnlyKeys("v2.0.0");
        assertThat(host.told("report.failed")).hasSize(1);
        assertThat(host.told("cycle.failed")).isEmpty();
    }

    @Test
    void takesWhatTheRegistrySelectedWhateverItIsCalled() throws Exception {
        host.selects = Optional.of("blue");
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("blue");
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.NOTHING_TO_DO);

        host.selects = Optional.of("green");
        host.failing.add("green");
        deploy();
        assertThat(host.app().status().quarantined()).containsOnlyKeys("green");
        assertThat(host.current()).isEqualTo("blue");

        host.selects = Optional.empty();
        assertThat(deploy().outcome()).isNotEqualTo(CycleOutcome.Kind.FAILED);
    }

    @Test
    void isDeployingOnlyOnceThereIsSomethingToDeploy() throws Exception {
        host.whenAsked = () -> host.seen.add(state());
        host.whenFetched = () -> host.seen.add(state());
        host.publish("v2.0.0");
        host.app().control().deploy("v2.0.0", "test");
        host.cycle();
        assertThat(host.seen).startsWith(AppState.CHECKING, AppState.DEPLOYING).endsWith(AppState.CHECKING);
        assertThat(host.seen.stream().filter(AppState.DEPLOYING::equals)).hasSize(1);
    }

    private AppState state() {
        try {
            return host.app().status().state();
        } catch (dewy.api.DewyException e) {
            throw new AssertionError(e);
        }
    }

    private CycleOutcome deploy() throws Exception {
        return host.app().control().deploy("test");
    }
}
