package dewy.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.core.journal.Installed.Place;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happened to an app, it remembers the same when its journal was shortened. */
class CompactionTest {
    private static final Instant START = Instant.parse("2026-01-15T10:30:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(START);
    private static final int RELEASES = 12;
    private static final int FOLDERS = 140;
    private static final int IMAGES = 20;

    @TempDir
    Path folder;

    private Random random = new Random();
    private List<JournalEntry> entries = new ArrayList<>();

    @BeforeEach
    void makeFolders() throws Exception {
        for (int i = 0; i < FOLDERS; i += 9) {
            Files.createDirectory(folder(i));
        }
    }

    static LongStream seeds() {
        long first = Long.getLong("dewy.test.seed", 1);
        return LongStream.range(first, first + (Boolean.getBoolean("dewy.long") ? 200 : 4));
    }

    @ParameterizedTest
    @Tag("long")
    @MethodSource("seeds")
    void remembersWhatTheLongJournalTells(long seed) throws Exception {
        random = new Random(seed);
        entries = journal(1_500 + random.nextInt(2_500));
        List<JournalEntry> shortened = Compaction.of(entries, folder.getFileSystem());
        List<JournalEntry> more = new ArrayList<>(shortened);
        List<JournalEntry> all = new ArrayList<>(entries);
        for (int i = 0; i < 1_200; i++) {
            JournalEntry later = entry(all.size() + 1);
            all.add(later);
            more.add(later);
        }

        assertThat(shortened).hasSizeLessThan(Compaction.RECENT + 700);
        assertThat(memories(shortened)).isEqualTo(memories(entries));
        assertThat(memories(more)).isEqualTo(memories(all));
        assertThat(memories(Compaction.of(more, folder.getFileSystem()))).isEqualTo(memories(all));
    }

    @Test
    void staysBoundedWhileTheAgentRuns() throws Exception {
        Path file = folder.resolve("journal");
        Map<String, String> fields = OpenDeployments.fields(deliverable(1), Optional.empty());
        for (int i = 1; i <= 1_995; i++) {
            boolean isFirst = i == 1;
            entries.add(
                    isFirst
                            ? entry(i, Step.ACTIVATE, Phase.DONE, InstalledFields.of(installed(0, 27)))
                            : entry(i, Step.DEPLOY, Phase.INTENT, fields));
        }
        Files.write(file, JournalText.format(entries));
        AppJournal before = new AppJournal(Journal.open(file, CLOCK), "a");
        before.pin(Optional.of("v0"));
        for (int i = 0; i < 20; i++) {
            before.begin("d1", deliverable(1));
        }
        int shortened = lines(file);

        Journal journal = Journal.open(file, CLOCK);
        AppJournal again = new AppJournal(journal, "a");
        assertThat(shortened).isLessThan(1_050);
        assertThat(journal.damage()).isEmpty();
        assertThat(again.begin("d2", deliverable(1)).number()).isEqualTo(1_994 + 21);
        assertThat(again.memory().pinned()).contains("v0");
        assertThat(again.memory().deployed().orElseThrow()).isEqualTo(installed(0, 27));
        assertThat(folder.resolve("journal.new")).doesNotExist();
    }

    private static int lines(Path file) throws IOException {
        int lines = 0;
        for (byte b : Files.readAllBytes(file)) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }

    /** What two agents that run the app otherwise remember of a journal. */
    private List<String> memories(List<JournalEntry> entries) throws Exception {
        List<String> memories = new ArrayList<>();
        OpenDeployments open = new OpenDeployments();
        entries.stream().filter(entry -> entry.step() == Step.DEPLOY).forEach(open::learn);
        for (String specification : List.of("a", "b")) {
            Path file = Files.write(folder.resolve("looked-at"), JournalText.format(entries));
            AppMemory memory = new AppJournal(Journal.look(file, CLOCK), specification).memory();
            memories.add("paused " + memory.isPaused() + " pinned " + memory.pinned());
            memories.add("quarantined " + memory.quarantined());
            memories.add("history " + memory.history());
            memories.add("deployed " + memory.deployed() + " untried " + memory.isUntried());
            memories.add("releases " + memory.releases());
            memories.add("former " + memory.former());
            memories.add("installed "
                    + memory.installed().stream()
                            .filter(release -> !release.place().isGone())
                            .toList());
            for (int i = 0; i < RELEASES; i++) {
                Deliverable deliverable = deliverable(i);
                memories.add("installed " + memory.installed(deliverable) + memory.installed("v" + i));
                memories.add("cancelled " + memory.isCancelled(deliverable));
                memories.add("open " + memory.isOpen(deliverable) + " " + open.of(deliverable));
            }
        }
        return memories;
    }

    private List<JournalEntry> journal(int length) {
        List<JournalEntry> journal = new ArrayList<>();
        while (journal.size() < length) {
            journal.add(entry(journal.size() + 1));
        }
        return journal;
    }

    private JournalEntry entry(int sequence) {
        int release = random.nextInt(RELEASES);
        return switch (random.nextInt(100)) {
            case 0 -> entry(sequence, Step.PAUSE, random.nextBoolean() ? Phase.INTENT : Phase.DONE, Map.of());
            case 1 -> entry(sequence, Step.PIN, Phase.INTENT, Map.of("tag", "v" + release));
            case 2 -> entry(sequence, Step.PIN, Phase.DONE, Map.of());
            case 3, 4, 5, 6 ->
                entry(
                        sequence,
                        Step.QUARANTINE,
                        Phase.INTENT,
                        new Quarantine(random.nextBoolean() ? "a" : "b").fields(deliverable(release), "why"));
            case 7 -> entry(sequence, Step.QUARANTINE, Phase.DONE, Map.of("tag", "v" + release));
            case 8 ->
                entry(sequence, Step.QUARANTINE, Phase.DONE, random.nextInt(9) == 0 ? Map.of() : Map.of("tag", "?"));
            case 9 -> entry(sequence, Step.DEPLOY, random.nextInt(3) == 0 ? Phase.DONE : Phase.FAILED, Map.of());
            case 10, 11, 12, 13, 14, 15, 16, 17 -> result(sequence, Step.ACTIVATE, release);
            case 18, 19, 20, 21, 22 -> result(sequence, Step.PREPARE, release);
            case 25, 26 ->
                entry(
                        sequence,
                        Step.REMOVE,
                        Phase.DONE,
                        Map.of("image", image(random.nextInt(IMAGES)).toString()));
            case 27, 28, 29 ->
                entry(sequence, Step.DEPLOY, Phase.FAILED, Cancellations.fields(deliverable(release), "bob"));
            case 23, 24 -> entry(sequence, Step.PREPARE, Phase.INTENT, Map.of("key", "v" + release));
            default ->
                entry(
                        sequence,
                        Step.DEPLOY,
                        Phase.INTENT,
                        OpenDeployments.fields(deliverable(release), Optional.of("v" + release)));
        };
    }

    private JournalEntry result(int sequence, Step step, int release) {
        Map<String, String> fields = InstalledFields.of(installed(release, random.nextInt(FOLDERS)));
        fields.putAll(DeploymentHistory.fields(move("d" + sequence)));
        boolean fails = random.nextInt(3) == 0;
        if (fails) {
            fields.put("error", random.nextBoolean() ? "why" : "why not");
        }
        return entry(sequence, step, fails ? Phase.FAILED : Phase.DONE, fields);
    }

    private static JournalEntry entry(int sequence, Step step, Phase phase, Map<String, String> data) {
        return new JournalEntry(sequence, START.plusSeconds(sequence), "d" + sequence, step, phase, data);
    }

    private Installed installed(int release, int number) {
        Place place = number < IMAGES ? image(number) : new Place.Folder(folder(number));
        return new Installed(
                "v" + release, "web.zip", Publication.of(deliverable(release)), digest(), place, Optional.empty());
    }

    private static Place image(int number) {
        return new Place.Image("example/web" + number + "@" + digest());
    }

    private Path folder(int number) {
        return folder.resolve("release" + number);
    }

    private static Digest digest() {
        return new Digest("sha256", "a".repeat(64));
    }

    private static Deliverable deliverable(int release) {
        Artifact artifact = Artifact.archive("web.zip", "web.zip");
        return new Deliverable(new Release("v" + release, Optional.empty(), List.of(artifact)), artifact);
    }

    private static Move move(String deployId) {
        return new Move(deployId, "poll", "dewy", START);
    }
}
