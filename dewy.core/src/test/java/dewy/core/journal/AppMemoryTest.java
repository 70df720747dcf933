package dewy.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.core.journal.AppMemory.Installed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
    private Journal journal;
    private AppMemory memory;

    @BeforeEach
    void open() throws Exception {
        journal = Journal.open(folder.resolve("journal"), CLOCK);
        memory = new AppMemory(journal, specification);
    }

    private void restart() throws Exception {
        open();
    }

    @Test
    void countsAttemptsAtAReleaseAsOneDeploymentAlsoOverRestarts() throws Exception {
        assertThat(memory.begin("d1", FIRST)).isEqualTo(new Attempt("d1", 1, Optional.empty()));
        assertThat(memory.begin("d2", FIRST)).isEqualTo(new Attempt("d1", 2, Optional.empty()));
        assertThat(memory.begin("d3", SECOND)).isEqualTo(new Attempt("d3", 1, Optional.empty()));
        restart();
        assertThat(memory.isOpen(FIRST)).isTrue();
        assertThat(memory.begin("d4", FIRST)).isEqualTo(new Attempt("d1", 3, Optional.empty()));
    }

    @Test
    void beginsAnotherDeploymentForTheSameVersionWithAnotherDigest() throws Exception {
        memory.begin("d1", FIRST);
        assertThat(memory.begin("d2", deliverable("v1.0.0", digest("b"))).deployId())
                .isEqualTo("d2");
    }

    @Test
    void beginsAnotherDeploymentOnceOneWasCompleted() throws Exception {
        memory.begin("d1", FIRST);
        memory.activated(deed("d1"), installed("v1.0.0"));
        assertThat(memory.isOpen(FIRST)).isTrue();
        memory.completed("d1");
        assertThat(memory.isOpen(FIRST)).isFalse();
        restart();
        assertThat(memory.isOpen(FIRST)).isFalse();
        assertThat(memory.begin("d2", FIRST)).isEqualTo(new Attempt("d2", 1, Optional.of("v1.0.0")));
    }

    @Test
    void tellsOnceWhatFailsAgainAndAgainInTheSameWay() throws Exception {
        memory.activated(deed("d0"), installed("v1.0.0"));
        for (int i = 0; i < 3; i++) {
            memory.preparationFailed(deed("d1"), SECOND, "the disk is full");
        }
        memory.preparationFailed(deed("d1"), SECOND, "it is no archive");
        restart();
        assertThat(memory.history())
                .extracting(past -> past.version() + " " + past.error().orElse("is deployed"))
                .containsExactly("v1.1.0 it is no archive", "v1.1.0 the disk is full", "v1.0.0 is deployed");
    }

    @Test
    void remembersWhatWasDeployedWhenTheFirstAttemptBegan() throws Exception {
        memory.activated(deed("d0"), installed("v1.0.0"));
        memory.begin("d1", SECOND);
        memory.activated(deed("d1"), installed("v1.1.0"));
        restart();
        assertThat(memory.begin("d2", SECOND)).isEqualTo(new Attempt("d1", 2, Optional.of("v1.0.0")));
    }

    @Test
    void isNotPushedOutOfTheJournalByAttemptsThatFail() throws Exception {
        memory.activated(deed("d0"), installed("v1.0.0"));
        memory.pause(true);
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
        assertThat(memory.deployed().map(now -> now.release().tag())).contains("v1.0.0");
        assertThat(memory.isPaused()).isTrue();
    }

    private Installed installed(String tag) {
        return new Installed(tag, "web.zip", Optional.of(DIGEST), DIGEST, folder);
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

    private static Deed deed(String deployId) {
        return new Deed(deployId, "poll", "dewy", CLOCK.instant());
    }
}
