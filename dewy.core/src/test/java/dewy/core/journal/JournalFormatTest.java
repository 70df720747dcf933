package dewy.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals of earlier agents are read; those of later ones are let alone. */
class JournalFormatTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z"));
    private static final String SPECIFICATION = "bce2470ce94d5adf5b9e32488b9464165061c172914819f24fe87c180694c38b";

    @TempDir
    Path folder;

    /** It was recorded by an agent that knew archives only, before lines told their format. */
    @Test
    void readsAJournalOfTheFirstFormatAndGoesOnInIt() throws Exception {
        Path file = recorded();

        AppJournal journal = open(file);
        AppMemory memory = journal.memory();

        assertThat(memory.deployed().orElseThrow())
                .satisfies(deployed -> assertThat(deployed.tag()).isEqualTo("v1.0.0"))
                .satisfies(deployed -> assertThat(deployed.folder())
                        .contains(Path.of("/srv/web-recorded/app/releases/20260102T030405Z")));
        assertThat(memory.pinned()).contains("v1.0.0");
        assertThat(memory.isPaused()).isTrue();
        assertThat(memory.quarantined()).extracting(BadRelease::tag).containsExactly("v1.2.0");
        assertThat(memory.history())
                .extracting(past -> past.version() + " by " + past.actor()
                        + past.error().map(error -> ": " + error).orElse(""))
                .containsExactly(
                        "v1.0.0 by bob",
                        "v1.3.0 by dewy: Cannot read v1.3.0: for the test",
                        "v1.2.0 by dewy: Cannot start v1.2.0: it exited at once",
                        "v1.1.0 by ann",
                        "v1.0.0 by ann");

        journal.pin(Optional.empty());
        Journal again = Journal.open(file, CLOCK);
        assertThat(again.damage()).isEmpty();
        assertThat(again.take()).hasSize(26);
    }

    @Test
    void refusesWhatALaterAgentWroteAndLeavesItAsItIs() throws Exception {
        Path file = recorded();
        Journal.open(file, CLOCK).write("d1", JournalEntry.Step.PREPARE, JournalEntry.Phase.INTENT, Map.of());
        String later = "{\"format\":\"3\",\"order\":\"27\",\"what\":\"unheard of\"}";
        Files.writeString(file, checksum(later) + " " + later + "\ntorn", StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Journal.open(file, CLOCK))
                .isInstanceOf(StorageException.class)
                .hasMessage("Cannot open the journal " + file
                        + ": line 27 is in format 3, and this agent knows those up to 2. Use the version of dewy that"
                        + " wrote it, or a newer one; nothing of it was changed");
        assertThatThrownBy(() -> Journal.look(file, CLOCK)).hasMessageContaining("Cannot read the journal " + file);
        assertThat(file).hasBinaryContent(before);
        assertThat(folder).isDirectoryNotContaining(child -> !child.equals(file));
    }

    private AppJournal open(Path file) throws Exception {
        return new AppJournal(Journal.open(file, CLOCK), SPECIFICATION);
    }

    private Path recorded() throws Exception {
        try (InputStream recording = getClass().getResourceAsStream("/journal/format-1")) {
            return Files.write(folder.resolve("journal"), recording.readAllBytes());
        }
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
