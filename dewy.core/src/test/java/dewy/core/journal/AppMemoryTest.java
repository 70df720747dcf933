package dewy.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.core.journal.Installed.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppMemoryTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-15T10:30:00Z"));
    private static final Digest DIGEST = digest("a");
    private static final Deliverable FIRST = deliverable("v1.0.0", DIGEST);
    private static final Deliverable SECOND = deliverable("v1.1.0", DIGEST);

    @TempDir
    Path folder;

    private String specification = "as it is";
    private AppJournal journal;
    private AppMemory memory;

    @BeforeEach
    void open() throws Exception {
        journal = new AppJournal(Journal.open(folder.resolve("journal"), CLOCK), specification);
        memory = journal.memory();
    }

    private void restart() throws Exception {
        open();
    }

    @Test
    void countsAttemptsAtAReleaseAsOneDeploymentAlsoOverRestarts() throws Exception {
        assertThat(journal.begin("d1", FIRST)).isEqualTo(new Attempt("d1", 1, Optional.empty()));
        assertThat(journal.begin("d2", FIRST)).isEqualTo(new Attempt("d1", 2, Optional.empty()));
        assertThat(journal.begin("d3", SECOND)).isEqualTo(new Attempt("d3", 1, Optional.empty()));
        restart();
        assertThat(memory.isOpen(FIRST)).isTrue();
        assertThat(journal.begin("d4", FIRST)).isEqualTo(new Attempt("d1", 3, Optional.empty()));
    }

    @Test
    void beginsAnotherDeploymentForTheSameVersionWithAnotherDigest() throws Exception {
        journal.begin("d1", FIRST);
        assertThat(journal.begin("d2", deliverable("v1.0.0", digest("b"))).deployId())
                .isEqualTo("d2");
    }

    @Test
    void beginsAnotherDeploymentOnceOneWasCompleted() throws Exception {
        journal.begin("d1", FIRST);
        journal.activated(move("d1"), installed("v1.0.0"));
        assertThat(memory.isOpen(FIRST)).isTrue();
        journal.completed("d1");
        assertThat(memory.isOpen(FIRST)).isFalse();
        restart();
        assertThat(memory.isOpen(FIRST)).isFalse();
        assertThat(journal.begin("d2", FIRST)).isEqualTo(new Attempt("d2", 1, Optional.of("v1.0.0")));
    }

    @Test
    void tellsOnceWhatFailsAgainAndAgainInTheSameWay() throws Exception {
        journal.activated(move("d0"), installed("v1.0.0"));
        for (int i = 0; i < 3; i++) {
            journal.preparationFailed(move("d1"), SECOND, Ending.failed("the disk is full"));
        }
        journal.preparationFailed(move("d1"), SECOND, Ending.failed("it is no archive"));
        restart();
        assertThat(memory.history())
                .extracting(past -> past.version() + " " + past.error().orElse("is deployed"))
                .containsExactly("v1.1.0 it is no archive", "v1.1.0 the disk is full", "v1.0.0 is deployed");
    }

    @Test
    void remembersWhatWasDeployedWhenTheFirstAttemptBegan() throws Exception {
        journal.activated(move("d0"), installed("v1.0.0"));
        journal.begin("d1", SECOND);
        journal.activated(move("d1"), installed("v1.1.0"));
        restart();
        assertThat(journal.begin("d2", SECOND)).isEqualTo(new Attempt("d1", 2, Optional.of("v1.0.0")));
    }

    @Test
    void isNotPushedOutOfTheJournalByAttemptsThatFail() throws Exception {
        journal.activated(move("d0"), installed("v1.0.0"));
        journal.pause(true);
        StringBuilder attempts = new StringBuilder();
        for (int sequence = 3; sequence < 2_100; sequence++) {
            attempts.append(JournalLine.format(new JournalEntry(
                    sequence,
                    CLOCK.instant(),
                    "d1",
                    JournalEntry.Step.DEPLOY,
                    JournalEntry.Phase.INTENT,
                    OpenDeployments.fields(SECOND, Optional.empty()))));
        }
        Files.writeString(folder.resolve("journal"), attempts, StandardOpenOption.APPEND);
        open();
        assertThat(Files.readAllLines(folder.resolve("journal"))).hasSizeLessThan(1_100);
        assertThat(memory.deployed().map(Installed::tag)).contains("v1.0.0");
        assertThat(memory.isPaused()).isTrue();
    }

    @Test
    void knowsImagesUntilTheyAreRemoved() throws Exception {
        String image = "example/web@" + DIGEST;
        journal.activated(move("d0"), image("v1.0.0", image));
        journal.activated(move("d1"), image("v1.0.1", image));
        journal.activated(move("d2"), image("v1.1.0", "example/web@" + digest("b")));
        restart();
        assertThat(memory.former()).containsExactly(image("v1.0.1", image), image("v1.0.0", image));
        assertThat(memory.shown().orElseThrow().image()).contains("example/web@" + digest("b"));
        assertThat(memory.shown().orElseThrow().folder()).isEmpty();
        journal.removed(image);
        assertThat(memory.former()).isEmpty();
        restart();
        assertThat(memory.former()).isEmpty();
        assertThat(memory.installed("v1.0.0")).isEmpty();
        assertThat(memory.releases())
                .extracting(dewy.api.control.DeployedRelease::version)
                .containsExactly("v1.1.0");
    }

    private static Installed image(String tag, String image) {
        return new Installed(tag, "example/web", told(), DIGEST, new Place.Image(image), Optional.empty());
    }

    private Installed installed(String tag) {
        return new Installed(tag, "web.zip", told(), DIGEST, new Place.Folder(folder), Optional.empty());
    }

    private static Publication told() {
        return new Publication(Optional.of(DIGEST), OptionalLong.of(5), Optional.of(CLOCK.instant()));
    }

    private static Digest digest(String letter) {
        try {
            return Digest.parse("sha256:" + letter.repeat(64));
        } catch (dewy.api.InvalidException e) {
            throw new AssertionError(e);
        }
    }

    private static Deliverable deliverable(String tag, Digest digest) {
        Artifact artifact = Artifact.archive("web.zip", "web.zip").withDigest(digest);
        return new Deliverable(new Release(tag, Optional.empty(), List.of(artifact)), artifact);
    }

    private static Move move(String deployId) {
        return new Move(deployId, "poll", "dewy", CLOCK.instant());
    }
}
