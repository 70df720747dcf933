package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.FailureKind;
import dewy.api.control.CycleOutcome.Kind;
import dewy.api.event.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an app of which nothing is deployed yet. */
@Timeout(30)
class FirstDeploymentTest {
    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void open() {
        host = new ScriptedHost(folder);
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void isOfTheNewestReleaseThatIsCompleteUntilANewerOneIs() throws Exception {
        host.publish("v1.0.0", "v1.1.0");
        publishWithoutArtifact("v1.2.0", Duration.ZERO);
        publishWithoutArtifact("v2.0.0", Duration.ZERO);
        assertThat(host.foresee().reason())
                .isEqualTo("v1.1.0 would be deployed; v2.0.0 is left out, without its artifact;"
                        + " v1.2.0 is left out, without its artifact");

        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v1.1.0");
        assertThat(host.cycle().outcome()).isEqualTo(Kind.TRY_LATER);
        assertThat(host.current()).isEqualTo("v1.1.0");

        host.lacking.clear();
        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.0");
        assertThat(host.activated).containsExactly("v1.1.0", "v2.0.0");
    }

    @Test
    void isOfTheNewestCompleteOneAlsoWhereNobodyExpectsTheArtifactAnyMore() throws Exception {
        host.publish("v1.0.0");
        publishWithoutArtifact("v2.0.0", Duration.ofHours(2));

        host.cycle();

        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.cycle().reason()).contains("release v2.0.0 does not have an archive");
        assertThat(host.told("cycle.failed")).hasSize(1);
    }

    @Test
    void doesNotKeepAnAppFromWaitingForTheNewestLater() throws Exception {
        host.publish("v1.0.0");
        host.cycle();
        host.publish("v1.1.0");
        publishWithoutArtifact("v2.0.0", Duration.ZERO);

        assertThat(host.cycle().reason()).startsWith("release v2.0.0 does not have an archive");
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void isAwaitedWhereNoReleaseIsComplete() throws Exception {
        publishWithoutArtifact("v1.0.0", Duration.ofHours(2));
        publishWithoutArtifact("v2.0.0", Duration.ZERO);
        assertThat(host.cycle().outcome()).isEqualTo(Kind.TRY_LATER);
        assertThat(host.cycle().reason()).startsWith("release v2.0.0 does not have an archive");

        host.lacking.remove("v1.0.0");

        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v1.0.0");
    }

    @Test
    void isNeverOfAnOlderReleaseBecauseOneHasSeveralThatSuitAlike() throws Exception {
        host.publish("v1.0.0", "v2.0.0");
        host.ambiguous.add("v2.0.0");

        assertThat(host.cycle().outcome()).isEqualTo(Kind.FAILED);
        assertThat(host.told("cycle.failed")).hasSize(1).first().satisfies(event -> assertThat(
                        event.data().get("error"))
                .contains("release v2.0.0 has several archives that suit ", "alike: app.zip, tool.zip")
                .contains("Name one with artifact="));
        assertThat(host.app().status().last().orElseThrow().failure()).hasValue(FailureKind.CONFIGURATION);
        assertThat(host.app().control().deploy("v2.0.0", "test").reason()).contains("Name one with artifact=");
        assertThat(host.fetched).isEmpty();
    }

    @Test
    void isToldToBeAmbiguousAlsoBehindOneThatLacksItsArtifact() throws Exception {
        host.publish("v1.0.0", "v2.0.0");
        host.ambiguous.add("v2.0.0");
        publishWithoutArtifact("v3.0.0", Duration.ZERO);

        assertThat(host.cycle().reason()).contains("release v2.0.0 has several archives");

        host.lacking.clear();
        assertThat(host.cycle().outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v3.0.0");
    }

    @Test
    void isNotSoughtAmongAllThatEverWere() throws Exception {
        host.publish("v1.0.0");
        for (int i = 0; i < 11; i++) {
            publishWithoutArtifact("v2." + i + ".0", Duration.ZERO);
        }

        assertThat(host.cycle().reason()).startsWith("release v2.10.0 does not have an archive");
    }

    @Test
    void isToldOnceAsMissingForEachReason() throws Exception {
        host.options.put("cool-down", List.of("2h"));
        host.cycle();
        host.cycle();
        assertThat(missing()).containsExactly("the registry has no releases");

        host.publish("v1.0.0-rc.1");
        host.cycle();
        host.cycle();
        assertThat(missing())
                .hasSize(2)
                .last()
                .isEqualTo("none of the registry's 1 releases is a version that is not a pre-release");

        host.publish("v1.0.0");
        host.cycle();
        host.pass(Duration.ofMinutes(10));
        host.cycle();
        assertThat(missing()).hasSize(3).last().asString().contains("v1.0.0 is left out, too young, in 1h");

        publishWithoutArtifact("v1.0.0", Duration.ofMinutes(150));
        publishWithoutArtifact("v1.1.0", Duration.ofHours(2));
        assertThat(host.cycle().reason()).contains("release v1.1.0 does not have an archive for");
        assertThat(host.told("cycle.failed")).hasSize(1);
        assertThat(missing()).hasSize(3);
    }

    @Test
    void isToldAsMissingWithWhatTheRegistryRemarks() throws Exception {
        host.cycle();
        host.remark = Optional.of("archives are elsewhere");
        host.cycle();
        host.cycle();
        assertThat(missing())
                .containsExactly(
                        "the registry has no releases", "the registry has no releases; archives are elsewhere");

        host.publish("v1.0.0");
        assertThat(host.cycle().reason()).doesNotContain("elsewhere");
    }

    @Test
    void isToldAsMissingWhereNoReleaseIsInTheSlot() throws Exception {
        host.options.put("slot", List.of("blue"));
        host.publish("v1.0.0", "v1.1.0+green");
        host.cycle();
        host.cycle();

        assertThat(missing())
                .containsExactly(
                        "none of the registry's 2 releases is a version in slot blue that is not a pre-release");
    }

    @Test
    void isToldAsMissingWhereNoTagIsADate() throws Exception {
        host.options.put("calver", List.of("YYYY.0M.MICRO"));
        host.publish("v1.0.0", "v2.0.0");
        host.cycle();
        host.cycle();

        assertThat(missing())
                .containsExactly("none of the registry's 2 releases is a version of the form YYYY.0M.MICRO that is"
                        + " not a pre-release");
    }

    @Test
    void isToldAsMissingWithWhatTheNewestReleaseHasInstead() throws Exception {
        publishWithoutArtifact("v1.0.0", Duration.ZERO);
        host.foresee();
        assertThat(missing()).isEmpty();

        host.cycle();
        host.cycle();

        assertThat(missing())
                .hasSize(1)
                .first()
                .asString()
                .contains("release v1.0.0 does not have an archive for", "; it has no artifacts");
        host.lacking.clear();
        host.cycle();
        publishWithoutArtifact("v2.0.0", Duration.ZERO);
        host.cycle();
        assertThat(missing()).hasSize(1);
    }

    @Test
    void showsHowEachAttemptEnded() throws Exception {
        host.publish("v1.0.0");
        host.failing.add("v1.0.0");
        host.cycle();
        host.app().control().deploy("somebody");

        assertThat(host.events.stream().filter(event -> event.type().equals("deployment.started")))
                .hasSize(2)
                .last()
                .satisfies(event -> assertThat(event.data()).containsEntry("attempt", "2"));
        assertThat(host.events).extracting(Event::type).endsWith("deployment.still_failing", "cycle.ended");
    }

    private List<String> missing() {
        return host.told("cycle.without_release").stream()
                .map(event -> event.data().getOrDefault("reason", ""))
                .toList();
    }

    private void publishWithoutArtifact(String tag, Duration age) {
        host.lacking.add(tag);
        host.published.put(tag, Optional.of(host.now.minus(age)));
    }
}
