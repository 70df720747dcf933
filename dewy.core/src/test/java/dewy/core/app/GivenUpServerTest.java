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

        assertThat(afterGivingUp().reason()).startsWith("the registry has no releases");

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

        assertThat(host.cycle().reason())
                .isEqualTo("v2.0.0 failed and is left alone for a while: Cannot read v2.0.0: for the test");

        assertServesAgain();
        assertThat(host.cycle().reason())
                .isEqualTo("v2.0.0 failed and is left alone for a while: Cannot read v2.0.0: for the test");
    }

    @Test
    void isTriedLessAndLessOftenWhileItDoesNotStart() throws Exception {
        host.published.clear();
        host.failing.add("v1.0.0");

        assertThat(afterGivingUp().reason()).contains("it exited at once");
        assertThat(host.told("cycle.failed")).hasSize(1);
        assertThat(host.cycle().reason())
                .endsWith("was given up: it exited with status 1; it is started again in 1h0m0s");
        assertThat(host.activated).hasSize(2);

        host.failing.clear();
        host.pass(Duration.ofHours(2));
        assertThat(host.cycle().reason()).startsWith("the registry has no releases");
        assertThat(host.activated).hasSize(3);
    }

    @Test
    void isStartedAgainLaterAndLaterWhichIsNoDeployment() throws Exception {
        assertThat(afterGivingUp().reason())
                .isEqualTo("v1.0.0 is deployed; it was given up once, was started again, and is watched until it has"
                        + " stayed up for 1m0s");
        assertThat(host.activated).hasSize(2);

        assertThat(afterGivingUp().reason())
                .isEqualTo("v1.0.0 is down, it crashed 6 times and was given up: it exited with status 1;"
                        + " it is started again in 1h0m0s");
        assertThat(host.cycle().outcome()).isEqualTo(Kind.TRY_LATER);
        assertThat(host.activated).hasSize(2);
        assertThat(host.app().control().check("test").reason())
                .isEqualTo("v1.0.0 is deployed; it would only be started again");
        host.pass(Duration.ofHours(1));
        assertThat(host.cycle().reason()).contains("it was given up 2 times");

        assertThat(host.activated).hasSize(3);
        assertThat(host.told("server.started_again")).hasSize(2);
        assertThat(host.told("outage.began")).hasSize(1);
        for (String type : List.of("deployment.started", "deployment.completed", "server.begun")) {
            assertThat(host.told(type)).as(type + " of the first").hasSize(1);
        }
        assertThat(host.app().history()).hasSize(1);
    }

    @Test
    void isToldOnceToBeDownAndOnceToBeUpAgain() throws Exception {
        afterGivingUp();
        host.pass(Duration.ofSeconds(59));
        afterGivingUp();
        host.pass(Duration.ofHours(1));
        host.cycle();
        host.pass(Duration.ofSeconds(59));
        host.cycle();
        assertThat(host.told("outage.recovered")).isEmpty();

        host.pass(Duration.ofSeconds(1));
        assertThat(host.cycle().reason()).isEqualTo("v1.0.0 is deployed");

        assertThat(host.told("outage.began")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("version", "v1.0.0")
                .containsEntry("error", "it crashed 6 times and was given up: it exited with status 1"));
        assertThat(host.told("outage.recovered")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("given_up", "2")
                .containsEntry("duration", "1h1m59s"));
        afterGivingUp();
        assertThat(host.told("outage.began")).hasSize(2);
    }

    @Test
    void isToldAsSoonAsTheRuntimeTells() throws Exception {
        host.crash(6, State.FAILED);
        host.app().inspect();
        host.app().control().check("test"); // It is done when what was to be done before is.

        assertThat(host.told("outage.began")).hasSize(1);
        assertThat(host.app().status().last().orElseThrow().reason())
                .endsWith("it is started again with the next check");
        assertThat(host.app().status().failures()).isZero();
    }

    @Test
    void isStartedAgainWhereItWasGivenUpWhileTheRegistryWasAsked() throws Exception {
        host.app();
        host.whenAsked = () -> {
            host.crash(6, State.FAILED);
            host.whenAsked = () -> {};
        };

        host.cycle();

        assertServesAgain();
    }

    @Test
    void isAskedForOnceAStep() throws Exception {
        host.cycle();
        int before = host.askedForStatus.get();
        host.app().pluginsChanged();
        host.app().control().check("test");
        assertThat(host.askedForStatus.get() - before)
                .as("by a cycle, before and after the registry is asked, and by a check")
                .isEqualTo(3);
    }

    @Test
    void isStartedAgainWhileTheAppIsPaused() throws Exception {
        host.app().pause("test");
        host.publish("v2.0.0");
        host.unreachable = true;

        assertThat(afterGivingUp().reason()).startsWith("it is paused; it was given up once, was started again");

        assertServesAgain();
        assertThat(host.app().status().next()).isEmpty();
        assertThat(host.told("cycle.failed")).isEmpty();
    }

    @Test
    void isStartedAtOnceWhenAPersonAsksForADeployment() throws Exception {
        afterGivingUp();
        afterGivingUp();

        assertThat(host.app().control().deploy("test").reason()).startsWith("v1.0.0 is deployed; it was given up 2");

        assertThat(host.activated).hasSize(3);
    }

    @Test
    void makesWayForANewerRelease() throws Exception {
        afterGivingUp();
        afterGivingUp();
        host.publish("v2.0.0");

        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);

        assertThat(host.cycle().reason()).isEqualTo("v2.0.0 is deployed");
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
