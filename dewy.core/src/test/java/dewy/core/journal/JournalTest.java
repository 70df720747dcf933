package dewy.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        assertThat(again.take()).containsExactly(written);
        assertThat(again.damage()).isEmpty();
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
            int complete = journal.take().size();
            assertThat(journal.write("next", Step.PREPARE, Phase.INTENT, Map.of())
                            .sequence())
                    .isEqualTo(complete + 1);
            Journal again = Journal.open(file, CLOCK);
            assertThat(again.take()).hasSize(complete + 1);
            assertThat(again.damage()).isEmpty();
        }
    }

    @Test
    void cutsOffADamagedEndAndKeepsItForPeople() throws Exception {
        Path file = folder.resolve("journal");
        Journal journal = Journal.open(file, CLOCK);
        journal.write("d1", Step.PREPARE, Phase.DONE, Map.of());
        long good = Files.size(file);
        journal.write("d2", Step.PREPARE, Phase.DONE, Map.of());
        byte[] bytes = damage(file, (int) Files.size(file) - 5);
        Path kept = folder.resolve("journal.damaged");

        Journal again = Journal.open(file, CLOCK);

        assertThat(again.take()).extracting(JournalEntry::deployId).containsExactly("d1");
        assertThat(again.damage()).contains(new Damage(1, bytes.length - good, 2, false, Optional.of(kept)));
        assertThat(again.damage().orElseThrow().told(file))
                .containsExactly(
                        file,
                        "line 2 (" + (bytes.length - good) + " bytes)",
                        kept.toString(),
                        "Nothing if the agent was killed or the power failed; otherwise check the disk");
        assertThat(Files.size(file)).isEqualTo(good);
        assertThat(kept)
                .hasContent("# 2026-01-15T10:30:00Z line 2, bytes " + good + " to " + bytes.length + "\n"
                        + new String(bytes, (int) good, (int) (bytes.length - good), UTF_8));
    }

    @Test
    void passesOverDamageInTheMiddleOnce() throws Exception {
        Path file = folder.resolve("journal");
        Journal journal = Journal.open(file, CLOCK);
        for (int i = 1; i <= 5; i++) {
            journal.write("d" + i, Step.PREPARE, Phase.DONE, Map.of());
        }
        int line = (int) Files.size(file) / 5;
        damage(file, line + 20);
        damage(file, 3 * line + 20);

        Journal again = Journal.open(file, CLOCK);

        assertThat(again.take()).extracting(JournalEntry::deployId).containsExactly("d1", "d3", "d5");
        Damage damage = again.damage().orElseThrow();
        assertThat(damage).isEqualTo(new Damage(2, 2L * line, 2, true, Optional.of(folder.resolve("journal.damaged"))));
        assertThat(damage.told(file))
                .contains("2 lines from line 2 on (" + 2 * line + " bytes)")
                .contains("Check the disk, and whether the app is at the version that it should be at");
        again.write("d6", Step.PREPARE, Phase.DONE, Map.of());
        Journal later = Journal.open(file, CLOCK);
        assertThat(later.damage()).isEmpty();
        assertThat(later.take()).extracting(JournalEntry::deployId).containsExactly("d1", "d3", "d5", "d6");
    }

    @Test
    void keepsNoMoreOfTheDamageThanIsUseful() throws Exception {
        Path file = folder.resolve("journal");
        for (int i = 0; i < 4; i++) {
            Files.write(file, new byte[Damage.LIMIT / 3], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            assertThat(Journal.open(file, CLOCK).damage()).isPresent();
        }

        assertThat(folder.resolve("journal.damaged")).hasSize(Damage.LIMIT);
    }

    /** A folder in the place of the file fails everything that would be done to it. */
    @Test
    void goesOnWhereTheDamageCannotBeKept() throws Exception {
        Path file = folder.resolve("journal");
        Journal journal = Journal.open(file, CLOCK);
        journal.write("d1", Step.PREPARE, Phase.DONE, Map.of());
        journal.write("d2", Step.PREPARE, Phase.DONE, Map.of());
        byte[] damaged = damage(file, 20);
        Files.createDirectory(folder.resolve("journal.damaged"));

        Journal again = Journal.open(file, CLOCK);

        assertThat(again.take()).extracting(JournalEntry::deployId).containsExactly("d2");
        assertThat(again.damage().orElseThrow().kept()).isEmpty();
        assertThat(file).as("the only place where the damage is").hasBinaryContent(damaged);
    }

    @Test
    void removesWhatACrashLeftOfAShortenedOne() throws Exception {
        Path left = Files.writeString(folder.resolve("journal.new"), "half of it");

        Journal.look(folder.resolve("journal"), CLOCK);
        assertThat(left).as("looking touches nothing").exists();
        Journal.open(folder.resolve("journal"), CLOCK);
        assertThat(left).doesNotExist();
    }

    @Test
    void isNotTakenForEmptyWhenItCannotBeRead() throws Exception {
        Path file = Files.createSymbolicLink(folder.resolve("journal"), folder.resolve("journal"));

        assertThatThrownBy(() -> Journal.look(file, CLOCK)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> Journal.open(file, CLOCK)).isInstanceOf(StorageException.class);
    }

    /** What a failed write could not take back must not spoil what is written next. */
    @Test
    void startsALineOfItsOwnAfterAWriteThatWasTorn() throws Exception {
        Path file = folder.resolve("journal");
        Journal journal = Journal.open(file, CLOCK);
        journal.write("d1", Step.PREPARE, Phase.DONE, Map.of());
        Files.writeString(file, "torn", StandardOpenOption.APPEND);
        journal.write("d2", Step.PREPARE, Phase.DONE, Map.of());

        assertThat(Journal.open(file, CLOCK).take())
                .extracting(JournalEntry::deployId)
                .containsExactly("d1", "d2");
    }

    private static byte[] damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        return Files.readAllBytes(Files.write(file, bytes));
    }

    @Test
    void staysShort() throws Exception {
        Path file = folder.resolve("journal");
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 1; i <= 2_001; i++) {
            entries.add(new JournalEntry(i, CLOCK.instant(), "d" + i, Step.PREPARE, Phase.INTENT, Map.of()));
        }
        Files.write(file, JournalText.format(entries));

        Journal journal = Journal.open(file, CLOCK);

        assertThat(Journal.look(file, CLOCK).take()).hasSize(1_000);
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
        assertThat(again.take()).first().returns(Step.PIN, JournalEntry::step);
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
