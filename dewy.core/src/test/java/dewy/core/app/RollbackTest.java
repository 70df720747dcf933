package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.ApplicationException;
import dewy.api.FailureKind;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.CycleOutcome;
import dewy.api.control.DeployedRelease;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an app whose new release is no good. */
@Timeout(30)
class RollbackTest {
    private static final String QUARANTINED = "release.quarantined";

    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void deployTheFirst() throws Exception {
        host = new ScriptedHost(folder);
        host.publish("v1.0.0");
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void leavesOutAReleaseThatDoesNotStartAndTellsItOnce() throws Exception {
        host.failing.add("v2.0.0");
        host.publish("v2.0.0");

        CycleOutcome failed = deploy();
        CycleOutcome next = deploy();

        assertThat(failed.outcome()).isEqualTo(CycleOutcome.Kind.FAILED);
        assertThat(next.outcome()).isEqualTo(CycleOutcome.Kind.NOTHING_TO_DO);
        assertThat(next.reason()).isEqualTo("v1.0.0 is deployed; v2.0.0 is left out, quarantined: it exited at once");
        assertThat(host.activated).containsExactly("v1.0.0", "v2.0.0");
        assertThat(host.told(QUARANTINED)).hasSize(1);
        assertThat(host.told(QUARANTINED).get(0).data())
                .containsEntry("version", "v2.0.0")
                .containsEntry("current", "v1.0.0")
                .containsEntry("error", "Cannot start v2.0.0: it exited at once");
        assertThat(host.told("cycle.failed")).isEmpty();
        assertThat(host.app().status().failures()).isZero();
        assertThat(host.app().status().quarantined())
                .containsExactly(java.util.Map.entry("v2.0.0", "it exited at once"));
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void leavesCurrentAloneWhereItIsKnownBeforehandThatAReleaseCannotStart() throws Exception {
        host.hopeless.put("v2.0.0", new ApplicationException(new Problem("start", "app", "it is not executable", "")));
        host.publish("v2.0.0");

        CycleOutcome failed = deploy();

        assertThat(failed.step()).isEqualTo("activate");
        assertThat(host.activated).containsExactly("v1.0.0");
        assertThat(host.told("current.switched")).as("of v1 alone").hasSize(1);
        assertThat(host.told("current.restored")).isEmpty();
        assertThat(host.told(QUARANTINED)).hasSize(1);
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.app().history()).first().satisfies(past -> assertThat(past.error())
                .contains("Cannot start app: it is not executable"));
    }

    @Test
    void blamesNoReleaseForWhatIsKnownBeforehandToBeWrongWithTheHost() throws Exception {
        host.hopeless.put("v2.0.0", new InvalidException(new Problem("listen on", "8080", "port 8080 is in use", "")));
        host.publish("v2.0.0");

        assertThat(deploy().failure()).contains(FailureKind.CONFIGURATION);
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.told("current.switched")).hasSize(1);
        assertThat(host.told(QUARANTINED)).isEmpty();

        host.hopeless.clear();
        deploy();
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void leavesOutADamagedArchive() throws Exception {
        host.corrupt.add("v2.0.0");
        host.publish("v2.0.0");
        deploy();
        deploy();
        assertThat(host.fetched).containsExactly("v1.0.0", "v2.0.0");
        assertThat(host.told(QUARANTINED)).hasSize(1);
        assertThat(host.app().history()).first().satisfies(past -> {
            assertThat(past.version()).isEqualTo("v2.0.0");
            assertThat(past.error().orElseThrow()).startsWith("Cannot unpack app.zip");
            assertThat(past.actor()).isEqualTo("test");
        });
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void triesAReleaseThatIsPublishedAgainWithoutADigest() throws Exception {
        host.corrupt.add("v2.0.0");
        host.publish("v2.0.0");
        deploy();
        host.pass(Duration.ofMinutes(1));
        assertThat(deploy().reason()).contains("v2.0.0 is left out, quarantined");

        host.corrupt.clear();
        host.publish("v2.0.0");

        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.0");
        assertThat(host.app().status().quarantined()).isEmpty();
    }

    @Test
    void fetchesAnewWhatIsPublishedAgainAfterItDidNotStart() throws Exception {
        host.failing.add("v2.0.0");
        host.publish("v2.0.0");
        deploy();

        host.failing.clear();
        host.pass(Duration.ofMinutes(1));
        host.publish("v2.0.0");
        deploy();

        assertThat(host.fetched).as("and not what is in the cache").containsExactly("v1.0.0", "v2.0.0", "v2.0.0");
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void saysHowAReleaseIsTriedThatCannotBeKnownWhenItIsPublishedAgain() throws Exception {
        host.corrupt.add("v2.0.0");
        host.published.put("v2.0.0", Optional.empty());
        deploy();

        assertThat(deploy().reason()).endsWith(". Once it is published again, use retry");
    }

    @Test
    void goesBackFromAReleaseThatCrashesAgainAndAgain() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.crash(3, State.BACKING_OFF);
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.NOTHING_TO_DO);
        host.crash(4, State.BACKING_OFF);

        CycleOutcome gone = deploy();

        assertThat(gone.outcome()).isEqualTo(CycleOutcome.Kind.FAILED);
        assertThat(gone.step()).isEqualTo("bake");
        assertThat(gone.reason())
                .contains(
                        "v2.0.0 is left out and v1.0.0 in force", "it crashed 4 times before it had stayed up for 60s");
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.activated).containsExactly("v1.0.0", "v2.0.0", "v1.0.0");
        assertThat(host.told(QUARANTINED)).hasSize(1);
        assertThat(host.told("server.restarted")).as("of v2 alone").hasSize(1);
        assertThat(host.app().history().get(0).reason())
                .contains("v2.0.0 failed: it crashed 4 times before it had stayed up for 60s: it exited with status 1");
        deploy();
        assertThat(host.activated).hasSize(3);
    }

    @Test
    void goesBackWithoutAskingTheRegistryWhenTheRuntimeTellsOfCrashes() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.unreachable = true;
        host.crash(0, State.FAILED);
        host.app().inspect();
        host.app().control().check("test"); // It is done when what was to be done before is.
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.app().status().last().orElseThrow().step()).isEqualTo("bake");
    }

    @Test
    void keepsAReleaseThatStoodTheTest() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.pass(Duration.ofSeconds(60));
        host.crash(4, State.BACKING_OFF);
        deploy();
        assertThat(host.current()).isEqualTo("v2.0.0");
        assertThat(host.told(QUARANTINED)).isEmpty();
    }

    @Test
    void goesBackFromWhatCrashesThroughABakeTimeThatIsShorterThanThePausesBetween() throws Exception {
        bakeForFiveSeconds();
        for (int crash = 1; crash <= 3; crash++) {
            look(Duration.ofSeconds(4), crash, State.BACKING_OFF);
            look(Duration.ofSeconds(1L << crash), crash, State.RUNNING);
            assertThat(host.current()).isEqualTo("v2.0.0");
        }

        look(Duration.ofSeconds(4), 4, State.BACKING_OFF);

        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.told(QUARANTINED)).hasSize(1);
        assertThat(host.told(QUARANTINED).get(0).data().get("error"))
                .contains("it crashed 4 times before it had stayed up for 5s");
    }

    @Test
    void goesBackFromWhatIsGivenUpBeforeItHasEverStayedUpForAMinute() throws Exception {
        bakeForFiveSeconds();
        look(Duration.ofSeconds(10), 1, State.BACKING_OFF);
        look(Duration.ofSeconds(1), 1, State.RUNNING);
        look(Duration.ofSeconds(10), 2, State.FAILED);

        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.told(QUARANTINED).get(0).data().get("error"))
                .contains("it was given up before it had stayed up for 60s");
        assertThat(host.told("outage.began")).isEmpty();
    }

    @Test
    void keepsAReleaseThatStayedUpAfterACrash() throws Exception {
        bakeForFiveSeconds();
        look(Duration.ofSeconds(4), 1, State.BACKING_OFF);
        look(Duration.ofSeconds(1), 1, State.RUNNING);
        look(Duration.ofSeconds(5), 4, State.BACKING_OFF);
        look(Duration.ofSeconds(1), 4, State.RUNNING);
        look(Duration.ofSeconds(60), 10, State.FAILED);

        assertThat(host.current()).isEqualTo("v2.0.0");
        assertThat(host.told(QUARANTINED)).isEmpty();
    }

    private void bakeForFiveSeconds() throws Exception {
        host.restart();
        host.options.put("bake-time", List.of("5s"));
        host.publish("v2.0.0");
        deploy();
    }

    /** The runtime tells core, after a time, how the app is doing. */
    private void look(Duration after, int crashes, State state) throws Exception {
        host.pass(after);
        host.crash(crashes, state);
        host.app().inspect();
        host.app().control().check("test"); // It is done when what was to be done before is.
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2.0.0", "v3.0.0"})
    void isPinnedAsBeforeOnceWhatAPersonHadDeployedIsNoGood(String wanted) throws Exception {
        host.publish("v2.0.0", "v3.0.0");
        host.app().control().rollback(Optional.of("v1.0.0"), "test");
        host.app().control().deploy(wanted, "test");
        assertThat(host.current()).isEqualTo(wanted);

        host.restart();
        host.crash(4, State.BACKING_OFF);
        host.cycle();
        host.crash(0, State.RUNNING);

        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.app().status().pinned()).contains("v1.0.0");
        assertThat(host.cycle().reason()).isEqualTo("it is pinned to v1.0.0, until it is unpinned");
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void watchesOnAfterARestartOfTheAgent() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.restart();
        host.pass(Duration.ofSeconds(59));
        host.crash(4, State.BACKING_OFF);
        deploy();
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void doesNotHoldCrashesAgainstWhatItWentBackTo() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.publish("v3.0.0");
        deploy();
        host.crash(4, State.BACKING_OFF);
        deploy();
        assertThat(host.current()).isEqualTo("v2.0.0");
        host.crash(4, State.BACKING_OFF);
        deploy();
        host.restart();
        deploy();
        assertThat(host.current()).isEqualTo("v2.0.0");
        assertThat(host.told(QUARANTINED)).hasSize(1);
    }

    @Test
    void warnsOfAQuarantinedReleaseThatAPersonGoesBackToAndReturnsWhereItFailsAgain() throws Exception {
        crashTheSecond();

        CycleOutcome back = host.app().control().rollback(Optional.of("v2.0.0"), "test");

        assertThat(back.outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(back.reason())
                .isEqualTo(
                        "v2.0.0 was deployed; it was quarantined before (it crashed 4 times before it had stayed up for"
                                + " 60s: it exited with status 1), and is watched: if it fails again, v1.0.0 comes back");
        assertThat(host.app().status().pinned()).contains("v2.0.0");
        host.crash(4, State.BACKING_OFF);
        assertThat(host.cycle().step()).isEqualTo("bake");
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.told(QUARANTINED)).hasSize(2);
        assertThat(host.app().status().quarantined()).containsOnlyKeys("v2.0.0");
        assertThat(host.app().status().pinned()).isEmpty();
    }

    @Test
    void warnsOfAQuarantinedReleaseThatAPersonDeploys() throws Exception {
        crashTheSecond();
        assertThat(host.app().control().deploy("v2.0.0", "test").reason())
                .contains("it was quarantined before (it crashed 4 times")
                .endsWith("if it fails again, v1.0.0 comes back");
    }

    @Test
    void staysWhereAPersonWentBackToWhatWasGood() throws Exception {
        host.publish("v2.0.0");
        deploy();
        assertThat(host.app().control().rollback(Optional.empty(), "test").reason())
                .isEqualTo("v1.0.0 was deployed");
        host.crash(4, State.BACKING_OFF);
        host.cycle();
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.told(QUARANTINED)).isEmpty();
    }

    private void crashTheSecond() throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.crash(4, State.BACKING_OFF);
        deploy();
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void leavesOutStillAfterARestartUntilTheAppIsRunOtherwise() throws Exception {
        host.failing.add("v2.0.0");
        host.publish("v2.0.0");
        deploy();
        host.restart();
        deploy();
        assertThat(host.activated).containsExactly("v1.0.0", "v2.0.0");

        host.restart();
        host.failing.clear();
        host.options.put("port", List.of("8080"));
        deploy();
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void takesANewerReleaseAndNeverAnOlderOne() throws Exception {
        host.publish("v0.9.0");
        host.failing.add("v2.0.0");
        host.publish("v2.0.0");
        deploy();
        host.published.remove("v1.0.0");
        assertThat(deploy().reason())
                .isEqualTo("v1.0.0 is deployed, and nothing newer is eligible; v2.0.0 is left out, quarantined: it"
                        + " exited at once");
        assertThat(host.current()).isEqualTo("v1.0.0");

        host.publish("v2.0.1");
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.1");
        assertThat(host.told("cycle.recovered")).isEmpty();
    }

    @Test
    void takesTheNewestThatIsNotLeftOut() throws Exception {
        host.failing.add("v3.0.0");
        host.publish("v2.0.0", "v3.0.0");
        deploy();
        deploy();
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void blamesNoReleaseForARegistryThatIsGone() throws Exception {
        host.unreachable = true;
        deploy();
        assertThat(host.told("cycle.failed")).hasSize(1);
        assertThat(host.app().status().quarantined()).isEmpty();
    }

    @Test
    void keepsTheFoldersOfTheLastTwoThatFailed() throws Exception {
        for (String tag : List.of("v2.0.0", "v3.0.0", "v4.0.0")) {
            host.failing.add(tag);
            host.publish(tag);
            deploy();
        }
        assertThat(host.folders()).isEqualTo(3);
    }

    @Test
    void keepsWhatItMayHaveToGoBackTo() throws Exception {
        host.restart();
        host.options.put("keep-releases", List.of("1"));
        host.publish("v2.0.0");
        deploy();
        host.crash(4, State.BACKING_OFF);
        deploy();
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void triesAgainWhatHasNothingToGoBackTo() throws Exception {
        host.end();
        host = new ScriptedHost(folder.resolve("empty"));
        java.nio.file.Files.createDirectories(folder.resolve("empty"));
        host.failing.add("v1.0.0");
        host.publish("v1.0.0");
        deploy();
        deploy();
        assertThat(host.activated).containsExactly("v1.0.0", "v1.0.0");
        assertThat(host.told(QUARANTINED)).isEmpty();
        assertThat(host.app().status().failures()).isEqualTo(2);
    }

    @Test
    void waitsLongerAndLongerBeforeItStartsAgainWhatItIsPinnedTo() throws Exception {
        host.app().control().rollback(Optional.of("v1.0.0"), "test");
        host.failing.add("v1.0.0");
        host.crash(0, State.FAILED);
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.FAILED);
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.TRY_LATER);
        int tries = host.activated.size();
        host.pass(Duration.ofHours(1));
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.FAILED);
        assertThat(host.activated).hasSize(tries + 1);
        host.failing.clear();
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.TRY_LATER);
        host.pass(Duration.ofHours(2));
        assertThat(host.cycle().reason()).startsWith("it is pinned to v1.0.0, until it is unpinned");
        assertThat(host.activated).hasSize(tries + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D", "P10000D", "P-10000D"})
    void aClockThatIsSetNeitherEndsTheTrialNorTheWaitingOfARelease(Duration by) throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.setClock(by);
        host.pass(Duration.ofSeconds(59));
        host.crash(4, State.BACKING_OFF);
        deploy();
        assertThat(host.current()).isEqualTo("v1.0.0");

        host.app().control().rollback(Optional.of("v1.0.0"), "test");
        host.failing.add("v1.0.0");
        host.crash(0, State.FAILED);
        host.cycle();
        host.setClock(by);
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.TRY_LATER);
        host.setClock(by.negated());
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.TRY_LATER);
        host.pass(Duration.ofHours(1));
        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.FAILED);
        assertThat(host.app().history())
                .allSatisfy(past -> assertThat(past.seconds().orElseThrow()).isBetween(0.0, 1.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void aClockThatIsSetWhileTheAgentIsGoneDoesNoHarm(Duration by) throws Exception {
        host.publish("v2.0.0");
        deploy();
        host.restart();
        host.setClock(by);
        host.publish("v3.0.0");
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(host.app().releases())
                .extracting(DeployedRelease::version)
                .containsExactly("v3.0.0", "v2.0.0", "v1.0.0");
        assertThat(host.current()).isEqualTo("v3.0.0");
    }

    @Test
    void waitsUntilAReleaseIsOldEnough() throws Exception {
        host.restart();
        host.options.put("cool-down", List.of("5m"));
        host.published.put("v2.0.0", Optional.of(host.now.minus(Duration.ofMinutes(2))));
        host.published.put("v1.1.0", Optional.empty());
        assertThat(deploy().reason())
                .isEqualTo("v1.0.0 is deployed; v2.0.0 is left out, too young, in 3m0s; v1.1.0 is left out, too young,"
                        + " in 5m0s");
        host.pass(Duration.ofMinutes(3));
        assertThat(deploy().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    private CycleOutcome deploy() throws Exception {
        return host.app().control().deploy("test");
    }
}
