package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.FailureKind;
import dewy.api.control.CycleOutcome.Kind;
import dewy.api.control.CycleStatistics;
import dewy.api.control.CycleStatistics.Ended;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of cycles, and told of those that come to something. */
@Timeout(30)
class CycleStatisticsTest {
    private static final String ENDED = "cycle.ended";

    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void begin() {
        host = new ScriptedHost(folder);
        host.publish("v1.0.0");
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void countsCyclesByHowTheyEnded() throws Exception {
        host.app().control().deploy("test");
        host.app().control().deploy("test");
        host.app().control().deploy("test");
        host.unreachable = true;
        host.app().control().deploy("test");
        CycleStatistics cycles = host.app().cycles();
        assertThat(cycles.ended())
                .containsExactlyInAnyOrder(
                        new Ended(Kind.DEPLOYED, "settle", Optional.empty(), 1),
                        new Ended(Kind.NOTHING_TO_DO, "gate", Optional.empty(), 2),
                        new Ended(Kind.FAILED, "poll", Optional.of(FailureKind.NETWORK), 1));
        assertThat(cycles.polls()).isEqualTo(4);
    }

    @Test
    void measuresWhatItTakesToAskTheRegistry() throws Exception {
        host.whenAsked = () -> host.pass(Duration.ofMillis(250));
        host.app().control().deploy("test");
        assertThat(host.app().cycles().polling()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void tellsHowLongEachStepOfADeploymentTook() throws Exception {
        host.whenAsked = () -> host.pass(Duration.ofMillis(20));
        host.whenFetched = () -> host.pass(Duration.ofMillis(90_500));
        host.whenActivated = call -> host.pass(Duration.ofMillis(700));
        host.app().control().deploy("test");
        assertThat(host.told(ENDED)).hasSize(1);
        assertThat(host.told(ENDED).get(0).data())
                .containsEntry("outcome", "deployed")
                .containsEntry("version", "v1.0.0")
                .containsEntry("steps", "poll 20ms, gate 0ms, fetch 90500ms, prepare 0ms, activate 700ms, settle 0ms");
        assertThat(host.told(ENDED).get(0).deployId())
                .isEqualTo(host.told("deployment.started").get(0).deployId());
    }

    @Test
    void tellsWhatKindOfFailureItWas() throws Exception {
        host.failing.add("v1.0.0");
        host.app().control().deploy("test");
        assertThat(host.told(ENDED).get(0).data())
                .containsEntry("outcome", "failed")
                .containsEntry("step", "activate")
                .containsEntry("failure", "application");
    }

    @Test
    void tellsNothingOfCyclesThatFindNothingToDo() throws Exception {
        host.app().control().deploy("test");
        host.app().control().deploy("test");
        assertThat(host.told(ENDED)).hasSize(1);
    }
}
