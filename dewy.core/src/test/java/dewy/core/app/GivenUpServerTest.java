package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleOutcome.Kind;
import dewy.api.runtime.RuntimeStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an app whose server was given up, while there is nothing else to deploy. */
@Timeout(30)
class GivenUpServerTest {
    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void deployAndLetItStandTheTest() throws Exception {
        host = new ScriptedHost(folder);
        host.publish("v1.0.0");
        host.cycle();
        host.pass(Duration.ofHours(1));
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void isStartedAgainWhileANewerReleaseIsAwaited() throws Exception {
        host.lacking.add("v2.0.0");
        host.published.put("v2.0.0", Optional.of(host.now));

        assertThat(afterGivingUp().outcome()).isEqualTo(Kind.TRY_LATER);

        assertServesAgain();
        assertThat(host.app().status().last().orElseThrow().reason())
                .startsWith("release v2.0.0 does not have an archive");
    }

    @Test
    void isStartedAgainWhereNobodyExpectsTheArtifactOfANewerReleaseAnyMore() throws Exception {
        host.lacking.add("v2.0.0");
        host.publish("v2.0.0");

        assertThat(afterGivingUp().outcome()).isEqualTo(Kind.FAILED);

        assertServesAgain();
    }

    @Test
    void isStartedAgainWhereANewerReleaseIsAmbiguous() throws Exception {
        host.ambiguous.add("v2.0.0");
        host.publish("v2.0.0");

        assertThat(afterGivingUp().reason()).contains("v2.0.0 has several archives");

        assertServesAgain();
    }

    @Test
    void isStartedAgainWhereTheRegistryIsEmpty() throws Exception {
        host.published.clear();

        assertThat(afterGivingUp().reason()).isEqualTo("the registry has no releases");

        assertServesAgain();
    }

    @Test
    void isStartedAgainWhereNoVersionMatchesTheConstraint() throws Exception {
        host.restart();
        host.options.put("constraint", List.of("^3"));

        assertThat(afterGivingUp().reason()).contains("is a version in ^3");

        assertServesAgain();
    }

    @Test
    void isStartedAgainWhileTheRegistryLimitsUsAndItIsLeftAloneAllTheSame() throws Exception {
        host.limited = true;

        assertThat(afterGivingUp().outcome()).isEqualTo(Kind.TRY_LATER);

        assertServesAgain();
        assertThat(host.app().status().next().orElseThrow()).isEqualTo(host.now.plus(Duration.ofHours(1)));
    }

    @Test
    void isStartedAgainWhileTheRegistryIsUnreachable() throws Exception {
        host.unreachable = true;

        assertThat(afterGivingUp().outcome()).isEqualTo(Kind.FAILED);

        assertServesAgain();
        assertThat(host.told("cycle.failed")).hasSize(1);
    }

    @Test
    void isStartedAgainWhileANewerReleaseThatFailedIsLeftAlone() throws Exception {
        host.breaking.add("v2.0.0");
        host.publish("v2.0.0");
        assertThat(afterGivingUp().reason()).contains("for the test");
        assertThat(host.activated).containsExactly("v1.0.0");

        assertThat(host.cycle().reason()).isEqualTo("v2.0.0 failed and is left alone for a while");

        assertServesAgain();
        assertThat(host.cycle().reason()).isEqualTo("v2.0.0 failed and is left alone for a while");
    }

    @Test
    void isTriedLessAndLessOftenWhileItDoesNotStart() throws Exception {
        host.published.clear();
        host.failing.add("v1.0.0");

        assertThat(afterGivingUp().reason()).contains("it exited at once");
        assertThat(host.told("cycle.failed")).hasSize(1);
        assertThat(host.cycle().reason()).isEqualTo("v1.0.0 failed and is left alone for a while");
        assertThat(host.activated).hasSize(2);

        host.failing.clear();
        host.pass(Duration.ofHours(2));
        assertThat(host.cycle().reason()).isEqualTo("the registry has no releases");
        assertThat(host.activated).hasSize(3);
    }

    private CycleOutcome afterGivingUp() throws Exception {
        host.app();
        host.crash(6, State.FAILED);
        return host.cycle();
    }

    private void assertServesAgain() throws Exception {
        assertThat(host.activated).containsExactly("v1.0.0", "v1.0.0");
        assertThat(host.status.state()).isEqualTo(State.RUNNING);
        assertThat(host.told("server.resumed")).hasSize(1);
        host.cycle();
        assertThat(host.activated).hasSize(2);
        assertThat(host.current()).isEqualTo("v1.0.0");
    }
}
