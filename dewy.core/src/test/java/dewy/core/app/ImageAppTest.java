package dewy.core.app;

import static dewy.core.app.ScriptedImages.image;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.FailureKind;
import dewy.api.control.CycleOutcome;
import dewy.api.control.DeployedRelease;
import dewy.api.event.Event;
import dewy.api.runtime.RuntimeStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An app of which images are run. */
@Timeout(60)
class ImageAppTest {
    private final ScriptedImages images = new ScriptedImages();
    private ScriptedHost host;

    @TempDir
    Path folder;

    @BeforeEach
    void begin() {
        host = ScriptedHost.ofImages(folder, images);
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void runsWhatItPulledByDigestAndKeepsNothingOnDisk() throws Exception {
        deploy("v1.0.0");

        assertThat(images.run).containsExactly(image("v1.0.0"));
        DeployedRelease deployed = host.app().status().current().orElseThrow();
        assertThat(deployed.image()).contains(image("v1.0.0"));
        assertThat(deployed.folder()).isEmpty();
        assertThat(host.fetched).isEmpty();
        assertThat(folder.resolve("app/current")).doesNotExist();
        assertThat(folder.resolve("app/releases")).doesNotExist();
        assertThat(host.told("image.pulled")).hasSize(1);
        assertThat(deployAgain().outcome()).isEqualTo(CycleOutcome.Kind.NOTHING_TO_DO);
        assertThat(images.pulled).hasSize(1);
    }

    @Test
    void takesATagThatIsPushedAgainForANewRelease() throws Exception {
        deploy("v1.0.0");
        pushAgain("v1.0.0");

        assertThat(host.cycle().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);

        assertThat(images.run).containsExactly(image("v1.0.0"), image("v1.0.0 mended"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesOnlyAnotherVersionForANewReleaseWhereThatIsWanted(boolean byUrl) throws Exception {
        if (byUrl) {
            host.options.put("registry", List.of("test:?track=version"));
        } else {
            host.options.put("track", List.of("version"));
        }
        deploy("v1.0.0");
        pushAgain("v1.0.0");

        assertThat(host.cycle().reason()).isEqualTo("v1.0.0 is deployed");
        assertThat(host.app().control().check("test").reason()).isEqualTo("v1.0.0 is deployed");
        host.restart();
        assertThat(host.cycle().reason()).isEqualTo("v1.0.0 is deployed");
        assertThat(images.run).containsExactly(image("v1.0.0"));

        host.app().control().deploy("v1.0.0", "test");
        assertThat(images.run).last().isEqualTo(image("v1.0.0 mended"));
        assertThat(host.cycle().reason()).isEqualTo("v1.0.0 is deployed");
        deploy("v2.0.0");
    }

    @Test
    void leavesAVersionInQuarantineThatIsPushedAgainWhereVersionsAloneCount() throws Exception {
        host.options.put("track", List.of("version"));
        deploy("v1.0.0");
        host.failing.add("v2.0.0");
        host.publish("v2.0.0");
        host.cycle();
        host.failing.clear();
        pushAgain("v2.0.0");

        host.cycle();

        assertThat(current()).isEqualTo("v1.0.0");
        host.app().control().retry("test");
        assertThat(current()).isEqualTo("v2.0.0");
    }

    @Test
    void tellsOfContainersWhereThereAreNoServers() throws Exception {
        deploy("v1.0.0");
        deploy("v2.0.0");
        host.app().restart("test");
        host.restart();
        host.crash(0, State.STOPPED);
        host.app().start("test");
        host.cycle();

        assertThat(host.events.stream().map(Event::type).filter(type -> type.startsWith("server.")))
                .isEmpty();
        assertThat(host.told("container.deployed"))
                .extracting(event -> event.data().get("message"))
                .containsExactly(
                        "Container deployed successfully for v1.0.0", "Container deployed successfully for v2.0.0");
        assertThat(host.told("container.restarted")).hasSize(1);
        assertThat(host.told("container.resumed")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("image", image("v2.0.0")));
        assertThat(host.told("container.begun")).hasSize(1);
    }

    @Test
    void goesBackToTheImageBeforeAndStaysThere() throws Exception {
        deploy("v1.0.0");
        deploy("v2.0.0");

        host.app().control().rollback(Optional.empty(), "test");

        assertThat(images.run).containsExactly(image("v1.0.0"), image("v2.0.0"), image("v1.0.0"));
        assertThat(host.app().status().pinned()).contains("v1.0.0");
        assertThat(deployAgain().reason()).isEqualTo("it is pinned to v1.0.0, until it is unpinned");
        host.app().control().unpin("test");
        assertThat(current()).isEqualTo("v2.0.0");
        assertThat(images.pulled).hasSize(2);
        assertThat(host.app().history()).hasSize(4);
    }

    @Test
    void pullsAgainWhatSomebodyRemovedBeforeItGoesBack() throws Exception {
        deploy("v1.0.0");
        deploy("v2.0.0");
        images.held.remove(image("v1.0.0"));

        host.app().control().rollback(Optional.empty(), "test");

        assertThat(current()).isEqualTo("v1.0.0");
        assertThat(images.pulled).containsExactly(image("v1.0.0"), image("v2.0.0"), image("v1.0.0"));
    }

    @Test
    void pullsAsWhoeverTheSourceOfTheImageSaysEachTime() throws Exception {
        deploy("v1.0.0");
        deploy("v2.0.0");
        images.held.remove(image("v1.0.0"));
        host.app().control().rollback(Optional.empty(), "test");

        assertThat(images.pulledAs)
                .extracting(login -> login.orElseThrow().user())
                .containsExactly("for example/app:v1.0.0", "for example/app:v2.0.0", "for example/app");
    }

    @Test
    void staysWhereItIsWhenWhatItIsToGoBackToIsNowhere() throws Exception {
        deploy("v1.0.0");
        deploy("v2.0.0");
        images.held.remove(image("v1.0.0"));
        images.missing.add(image("v1.0.0"));

        CycleOutcome outcome = host.app().control().rollback(Optional.empty(), "test");

        assertThat(outcome.failure()).contains(FailureKind.NETWORK);
        assertThat(current()).isEqualTo("v2.0.0");
        assertThat(host.app().status().pinned()).isEmpty();
    }

    @Test
    void removesOldImagesButNoneThatIsInUse() throws Exception {
        host.options.put("keep-releases", List.of("2"));
        deploy("v1.0.0");
        deploy("v2.0.0");
        images.inUse.add(image("v1.0.0"));
        deploy("v3.0.0");
        assertThat(images.held).containsOnly(image("v1.0.0"), image("v2.0.0"), image("v3.0.0"));

        images.inUse.clear();
        deploy("v4.0.0");

        assertThat(images.held).containsOnly(image("v3.0.0"), image("v4.0.0"));
        assertThat(host.app().releases()).extracting(DeployedRelease::version).containsExactly("v4.0.0", "v3.0.0");
        host.restart();
        assertThat(host.app().releases()).extracting(DeployedRelease::version).containsExactly("v4.0.0", "v3.0.0");
    }

    @Test
    void forgetsOldImagesThatSomebodyElseRemoved() throws Exception {
        host.options.put("keep-releases", List.of("1"));
        host.options.put("bake-time", List.of("1ms"));
        images.inUse.add(image("v1.0.0"));
        deploy("v1.0.0");
        deploy("v2.0.0");
        images.held.remove(image("v1.0.0"));
        host.pass(java.time.Duration.ofHours(1));
        deploy("v3.0.0");
        assertThat(host.app().releases()).extracting(DeployedRelease::version).doesNotContain("v1.0.0");
    }

    @Test
    void leavesOutAnImageThatDoesNotStartAndKeepsItForAWhile() throws Exception {
        host.options.put("keep-failed", List.of("1"));
        deploy("v1.0.0");
        for (String bad : List.of("v2.0.0", "v3.0.0")) {
            host.failing.add(bad);
            host.publish(bad);
            deployAgain();
        }
        assertThat(host.app().status().quarantined()).containsOnlyKeys("v2.0.0", "v3.0.0");
        assertThat(current()).isEqualTo("v1.0.0");
        assertThat(images.held).containsOnly(image("v1.0.0"), image("v3.0.0"));
    }

    @Test
    void goesBackFromAnImageThatCrashesAgainAndAgain() throws Exception {
        deploy("v1.0.0");
        deploy("v2.0.0");
        host.crash(4, State.BACKING_OFF);

        assertThat(deployAgain().step()).isEqualTo("bake");

        assertThat(images.run).containsExactly(image("v1.0.0"), image("v2.0.0"), image("v1.0.0"));
        assertThat(host.app().status().quarantined()).containsOnlyKeys("v2.0.0");
    }

    @Test
    void startsAgainAfterARestartWithoutPulling() throws Exception {
        deploy("v1.0.0");
        host.restart();
        host.crash(0, State.STOPPED);

        host.app().start("test");
        deployAgain();

        assertThat(images.run).containsExactly(image("v1.0.0"), image("v1.0.0"));
        assertThat(images.pulled).hasSize(1);
    }

    /** Whatever the journal of a killed agent says, and whatever became of the images. */
    @Test
    @Timeout(600)
    void goesOnWhereverItWasKilled() throws Exception {
        host.options.put("keep-releases", List.of("1"));
        for (String tag : List.of("v1.0.0", "v2.0.0", "v3.0.0")) {
            deploy(tag);
            host.pass(java.time.Duration.ofHours(1));
        }
        host.end();
        Path journal = folder.resolve("app/.dewy/journal");
        List<String> lines = Files.readAllLines(journal);
        Set<String> all = Set.of(image("v1.0.0"), image("v2.0.0"), image("v3.0.0"));
        for (int killed = 0; killed <= lines.size(); killed++) {
            for (Set<String> left : List.of(all, Set.of(image("v3.0.0")), Set.<String>of())) {
                requireGoesOn(lines.subList(0, killed), left);
            }
        }
        assertThat(lines).hasSizeGreaterThan(18);
    }

    private void requireGoesOn(List<String> lines, Set<String> left) throws Exception {
        String where = "after " + lines.size() + " lines with " + left.size() + " images";
        ScriptedImages survived = new ScriptedImages();
        survived.held.addAll(new HashSet<>(left));
        Path place = Files.createTempDirectory(folder, "killed");
        Files.createDirectories(place.resolve("app/.dewy"));
        Files.write(place.resolve("app/.dewy/journal"), lines);
        ScriptedHost next = ScriptedHost.ofImages(place, survived);
        next.options.put("keep-releases", List.of("1"));
        try {
            next.publish("v1.0.0", "v2.0.0", "v3.0.0");
            next.app().start("test");
            next.app().control().deploy("test");
            assertThat(next.app().status().current().orElseThrow().version())
                    .as(where)
                    .isEqualTo("v3.0.0");
            assertThat(survived.run).as(where).last().isEqualTo(image("v3.0.0"));
            assertThat(next.app().status().quarantined()).as(where).isEmpty();
            assertThat(next.told("cycle.failed")).as(where).isEmpty();
            assertThat(next.told("housekeeping.failed")).as(where).isEmpty();
        } finally {
            next.end();
        }
    }

    @Test
    void saysThatAServerRunsNoImages() throws Exception {
        host.command = "server";
        host.publish("v1.0.0");

        CycleOutcome outcome = deployAgain();

        assertThat(outcome.failure()).contains(FailureKind.CONFIGURATION);
        assertThat(outcome.reason())
                .isEqualTo("Cannot deploy the image example/app of v1.0.0: the runtime test runs no images."
                        + " Name an archive of the release with artifact=, or run the app as a container");
    }

    @Test
    void saysThatAssetsAreNoImages() throws Exception {
        host.command = "assets";
        host.options.remove("runtime");
        host.publish("v1.0.0");

        assertThat(deployAgain().reason())
                .startsWith("Cannot deploy the image example/app of v1.0.0: an app of assets runs no images");
    }

    private void pushAgain(String tag) {
        images.pushedAgain.put(tag, tag + " mended");
        host.pass(java.time.Duration.ofSeconds(1));
        host.publish(tag);
    }

    private void deploy(String tag) throws Exception {
        host.publish(tag);
        assertThat(deployAgain().outcome()).isEqualTo(CycleOutcome.Kind.DEPLOYED);
        assertThat(current()).isEqualTo(tag);
    }

    private CycleOutcome deployAgain() throws Exception {
        return host.app().control().deploy("test");
    }

    private String current() throws Exception {
        return host.app().status().current().orElseThrow().version();
    }
}
