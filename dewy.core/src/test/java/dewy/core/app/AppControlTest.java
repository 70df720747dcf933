package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.FailureKind;
import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleOutcome.Kind;
import dewy.api.control.PastDeployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people have an app do. */
@Timeout(30)
class AppControlTest {
    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void deployTwo() throws Exception {
        host = new ScriptedHost(folder);
        for (String tag : new String[] {"v1.0.0", "v2.0.0"}) {
            host.publish(tag);
            deploy();
        }
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void goesBackAndStaysThereAlsoAfterARestart() throws Exception {
        host.unreachable = true;
        assertThat(control().rollback(Optional.empty(), "alice").outcome()).isEqualTo(Kind.DEPLOYED);
        host.unreachable = false;
        host.restart();
        host.publish("v3.0.0");
        assertThat(deploy().reason()).isEqualTo("it is pinned to v1.0.0, until it is unpinned");
        assertThat(host.app().status().pinned()).hasValue("v1.0.0");
        assertThat(host.current()).isEqualTo("v1.0.0");

        assertThat(control().unpin("alice").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v3.0.0");
        assertThat(host.app().status().pinned()).isEmpty();
    }

    @Test
    void goesBackToAVersionThatOnlyTheRegistryHas() throws Exception {
        host.publish("v0.9.0");
        assertThat(control().rollback(Optional.of("v0.9.0"), "alice").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v0.9.0");
        assertThat(host.app().status().pinned()).hasValue("v0.9.0");
    }

    @Test
    void saysThatThereIsNothingToGoBackTo() throws Exception {
        assertThat(control().rollback(Optional.of("v7.0.0"), "alice").reason()).contains("the registry has none");
        assertThat(host.current()).isEqualTo("v2.0.0");
        assertThat(host.app().status().pinned()).isEmpty();
    }

    @Test
    void neitherCountsNorTellsAVersionThatThereIsNot() throws Exception {
        var before = host.app().status();
        host.published.remove("v1.0.0");

        for (int times = 0; times < 4; times++) {
            CycleOutcome outcome = control().rollback(Optional.of("v9"), "alice");
            assertThat(outcome.failure()).contains(FailureKind.CONFIGURATION);
            assertThat(outcome.reason())
                    .isEqualTo("Cannot find the release \"v9\": the registry has none of that name. There are: v2.0.0,"
                            + " v1.0.0");
            assertThat(control().deploy("v9", "alice").reason()).endsWith("There are: v2.0.0");
        }

        assertThat(host.app().status()).isEqualTo(before);
        assertThat(host.told("cycle.failed")).isEmpty();
        host.unreachable = true;
        deploy();
        assertThat(host.told("cycle.failed")).hasSize(1);
    }

    @Test
    void namesTheNewestVersionsOfMany() throws Exception {
        for (int minor = 1; minor <= 12; minor++) {
            host.publish("v3." + minor + ".0");
        }
        host.publish("latest");
        assertThat(control().deploy("v3.0.0", "alice").reason())
                .contains("There are: v3.12.0, v3.11.0, ", ", v3.3.0 and 5 more");
    }

    @Test
    void countsNoVersionThatCannotBeHadAsItWasNamed() throws Exception {
        host.publish("v1.1.0", "v1.2.0");
        host.lacking.add("v1.1.0");
        host.ambiguous.add("v1.2.0");
        for (String tag : new String[] {"v1.1.0", "v1.2.0"}) {
            assertThat(control().deploy(tag, "alice").failure()).contains(FailureKind.CONFIGURATION);
        }
        assertThat(host.app().status().failures()).isZero();
        assertThat(host.told("cycle.failed")).isEmpty();
    }

    @Test
    void countsNoRollbackWhereNothingWasBefore() throws Exception {
        host.end();
        host = new ScriptedHost(Files.createDirectories(folder.resolve("empty")));
        CycleOutcome outcome = control().rollback(Optional.empty(), "alice");
        assertThat(outcome.failure()).contains(FailureKind.CONFIGURATION);
        assertThat(outcome.reason()).contains("there is no good release before this one");
        assertThat(host.app().status().failures()).isZero();
        assertThat(host.told("cycle.failed")).isEmpty();
    }

    @Test
    void waitsForARegistryNoLongerThanItMayTake() throws Exception {
        host.restart();
        host.options.put("poll-timeout", List.of("20ms"));
        host.silent = true;

        for (CycleOutcome outcome : List.of(deploy(), check(), control().deploy("v1.0.0", "alice"), host.foresee())) {
            assertThat(outcome.outcome()).isEqualTo(Kind.FAILED);
            assertThat(outcome.failure()).contains(FailureKind.NETWORK);
            assertThat(outcome.reason())
                    .startsWith("Cannot ask the registry test: it did not answer within 20ms. See why, or give it");
        }

        host.silent = false;
        assertThat(deploy().reason()).isEqualTo("v2.0.0 is deployed");
    }

    @Test
    void pinsAVersionThatIsNotTheNewest() throws Exception {
        assertThat(control().deploy("v1.0.0", "alice").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.app().status().pinned()).hasValue("v1.0.0");
        assertThat(control().deploy("v2.0.0", "alice").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.app().status().pinned()).isEmpty();
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void givesWhatFailedAnotherTryWhenAsked() throws Exception {
        host.failing.add("v3.0.0");
        host.publish("v3.0.0");
        deploy();
        host.failing.clear();
        deploy();
        assertThat(host.current()).isEqualTo("v2.0.0");
        assertThat(control().retry("alice").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v3.0.0");
        assertThat(host.app().status().quarantined()).isEmpty();
    }

    @Test
    void tellsASecondFailureAfterARetry() throws Exception {
        host.failing.add("v3.0.0");
        host.publish("v3.0.0");
        deploy();
        control().retry("alice");
        assertThat(host.told("release.quarantined").stream()
                        .map(event -> event.deployId())
                        .distinct())
                .hasSize(2);
    }

    @Test
    void looksWithoutDoingAnything() throws Exception {
        assertThat(check().reason()).isEqualTo("v2.0.0 is deployed");
        host.publish("v3.0.0");
        CycleOutcome outcome = check();
        assertThat(outcome.outcome()).isEqualTo(Kind.WOULD_DEPLOY);
        assertThat(outcome.reason()).isEqualTo("v3.0.0 would be deployed in place of v2.0.0");
        assertThat(host.fetched).doesNotContain("v3.0.0");
        assertThat(host.app().status().last().orElseThrow().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(deploy().outcome()).isEqualTo(Kind.DEPLOYED);
    }

    @Test
    void foreseesBesideARunningAgentWithoutTouchingAnything() throws Exception {
        byte[] before = Files.readAllBytes(folder.resolve("app/.dewy/journal"));
        assertThat(host.foresee().reason()).isEqualTo("v2.0.0 is deployed");
        host.publish("v3.0.0");
        assertThat(host.foresee().reason()).isEqualTo("v3.0.0 would be deployed in place of v2.0.0");
        assertThat(folder.resolve("app/.dewy/journal")).hasBinaryContent(before);

        host.options.put("dir", List.of(folder.resolve("other").toString()));
        assertThat(host.foresee().reason()).isEqualTo("v3.0.0 would be deployed");
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    void saysOfWhatFailedThatItIsLeftAlone() throws Exception {
        host.breaking.add("v3.0.0");
        host.publish("v3.0.0");
        assertThat(deploy().outcome()).isEqualTo(Kind.FAILED);
        assertThat(check().outcome()).isEqualTo(Kind.TRY_LATER);
        assertThat(check().reason())
                .isEqualTo("v3.0.0 failed and is left alone for a while: Cannot read v3.0.0: for the test");
    }

    @Test
    void remembersWhoDidWhat() throws Exception {
        host.pass(Duration.ofMinutes(2));
        control().rollback(Optional.empty(), "alice");
        host.restart();
        PastDeployment last = host.app().history().get(0);
        assertThat(last)
                .isEqualTo(new PastDeployment(
                        host.now,
                        "v1.0.0",
                        Optional.of("v2.0.0"),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        "alice",
                        "command",
                        Optional.of(Duration.ZERO),
                        last.deployId()));
    }

    private CycleOutcome deploy() throws Exception {
        return control().deploy("test");
    }

    private CycleOutcome check() throws Exception {
        return control().check("test");
    }

    private AppControl control() throws Exception {
        return host.app().control();
    }
}
