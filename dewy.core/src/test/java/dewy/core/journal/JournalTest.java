package dewy.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-15T10:30:00Z"));

    @TempDir
    Path folder;

    @Test
    void findsAgainWhatWasWritten() throws Exception {
        Path file = folder.resolve("journal");
        Journal journal = Journal.open(file, CLOCK);
        JournalEntry written = journal.write("d1", Step.PREPARE, Phase.DONE, Map.of("tag", "v1 \"x\"\n\u2603"));
        Journal again = Journal.open(file, CLOCK);
        assertThat(again.found()).containsExactly(written);
        assertThat(again.dropped()).isZero();
    }

    @Test
    void goesOnAfterAnyPrefixThatACrashLeft() throws Exception {
        Path file = folder.resolve("journal");
        Journal before = Journal.open(file, CLOCK);
        for (int i = 0; i < 3; i++) {
            before.write("d" + i, Step.ACTIVATE, Phase.INTENT, Map.of("n", "" + i));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            Journal journal = Journal.open(file, CLOCK);
            int complete = journal.found().size();
            assertThat(journal.write("next", Step.PREPARE, Phase.INTENT, Map.of())
                            .sequence())
                    .isEqualTo(complete + 1);
            Journal again = Journal.open(file, CLOCK);
            assertThat(again.found()).hasSize(complete + 1);
            assertThat(again.dropped()).isZero();
        }
    }

    @Test
    void cutsOffWhatWasDamaged() throws Exception {
        Path file = folder.resolve("journal");
        Journal journal = Journal.open(file, CLOCK);
        journal.write("d1", Step.PREPARE, Phase.DONE, Map.of());
        journal.write("d2", Step.PREPARE, Phase.DONE, Map.of());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
        Journal again = Journal.open(file, CLOCK);
        assertThat(again.found()).extracting(JournalEntry::deployId).containsExactly("d1");
        assertThat(again.dropped()).isPositive();
    }

    @Test
    void staysShort() throws Exception {
        Path file = folder.resolve("journal");
        Journal before = Journal.open(file, CLOCK);
        for (int i = 0; i < 2_001; i++) {
            before.write("d" + i, Step.PREPARE, Phase.INTENT, Map.of());
        }
        Journal journal = Journal.open(file, CLOCK);
        assertThat(journal.found()).hasSize(1_000);
        assertThat(journal.write("on", Step.PREPARE, Phase.INTENT, Map.of()).sequence())
                .isEqualTo(2_002);
    }

    @Test
    void staysShortWhileItIsWritten() throws Exception {
        Path file = folder.resolve("journal");
        Journal journal = Journal.open(file, CLOCK);
        journal.write("p", Step.PIN, Phase.INTENT, Map.of("tag", "v1"));
        for (int i = 0; i < 2_400; i++) {
            journal.write("d" + i, Step.PREPARE, Phase.INTENT, Map.of());
        }
        assertThat(Files.readAllLines(file)).hasSizeBetween(1_000, 2_000);
        Journal again = Journal.open(file, CLOCK);
        assertThat(again.found()).first().returns(Step.PIN, JournalEntry::step);
        assertThat(again.write("on", Step.PREPARE, Phase.INTENT, Map.of()).sequence())
                .isEqualTo(2_402);
    }

    @Test
    void leavesNothingOfAShorteningThatACrashCutShort() throws Exception {
        Path file = folder.resolve("journal");
        Path half = Files.writeString(folder.resolve("journal.new"), "half");
        Journal.open(file, CLOCK);
        assertThat(half).doesNotExist();
    }

    @Test
    void saysWhereItCannotWrite() {
        assertThatThrownBy(() -> Journal.open(folder, CLOCK))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(folder.toString());
    }
}
