package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static dewy.cache.file.TestCache.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFolderTest {
    /** The three largest blobs and any fourth fit, but never all six: so may be current on as many hosts. */
    private static final long LIMIT = 66_000;

    private static final int HOSTS = 3;
    private static final int KILLED = 128 + 9;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    SharedFolderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    @Tag("long")
    void processesThatShareAFolderNeverReadWhatNobodyWrote() throws Exception {
        for (int seed = 1; seed <= HOSTS; seed++) {
            start(seed, Boolean.getBoolean("dewy.long") ? 5_000 : 250);
        }
        for (Process process : processes) {
            endsWith(process, 0);
        }

        assertThat(requireWhole()).isPositive();
    }

    @Test
    @Tag("long")
    void processesThatAreKilledLeaveNothingThatIsWrong() throws Exception {
        long chance = Long.getLong("dewy.test.seed", 1);
        System.out.println("-Ddewy.test.seed=" + chance);
        Random random = new Random(chance);
        int kills = Boolean.getBoolean("dewy.long") ? 100 : 6;
        for (int seed = 1; seed <= kills; seed++) {
            Process process = start(seed, 100_000);
            process.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS);
            // By its handle: else what it said would be closed as well.
            process.toHandle().destroyForcibly();
            endsWith(process, KILLED);
            requireWhole();
        }
    }

    @Test
    void removesWhatACrashHasLeftBehind() throws Exception {
        Path leftover = Files.writeString(folder.resolve(".dewy-1-1-1.part"), "half of it");
        TestCache test = new TestCache(folder);

        assertThat(test.keys()).isEmpty();
        assertThat(leftover).doesNotExist();
    }

    @Test
    void removesABlobThatWasAnnouncedAndNeverArrived() throws Exception {
        TestCache test = new TestCache(folder);
        test.put("a", "content");
        Files.delete(folder.resolve("a"));

        assertThat(new TestCache(folder).keys()).isEmpty();
        assertThat(test.files()).isEmpty();
    }

    @Test
    void sparesWhatAnotherInstanceOfThisProcessIsWriting() throws Exception {
        try (BlobWriter writer = new TestCache(folder).cache.write(call(), "a", -1)) {
            writer.write("content".getBytes(UTF_8), 0, 7);
            assertThat(new TestCache(folder).keys()).isEmpty();
            writer.commit();
        }

        assertThat(new TestCache(folder).keys()).containsExactly("a");
    }

    @Test
    void sparesWhatAnotherProcessIsWriting() throws Exception {
        Process other = start(1, 0);
        assertThat(partialFiles()).hasSize(1);

        assertThat(new TestCache(folder).keys()).isEmpty();
        assertThat(partialFiles()).hasSize(1);
        other.destroyForcibly().waitFor();
        assertThat(new TestCache(folder).keys()).isEmpty();
        assertThat(partialFiles()).isEmpty();
    }

    private Process start(int seed, int rounds) throws Exception {
        Process process = Hammer.start(folder, LIMIT, "host" + seed % HOSTS, seed, rounds);
        processes.add(process);
        String said = process.inputReader().readLine() == null ? read(process.getErrorStream()) : "begun";
        assertThat(said).isEqualTo("begun");
        return process;
    }

    /** What the process has to say about another end is told with the failure. */
    private static void endsWith(Process process, int exitCode) throws Exception {
        assertThat(process.waitFor(600, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(read(process.getErrorStream())).isEqualTo(exitCode);
    }

    /** Returns how many blobs are held, each of which is whole. */
    private int requireWhole() throws Exception {
        TestCache test = new TestCache(folder, LIMIT);
        List<Blob> held = test.cache.list(call());
        for (Blob blob : held) {
            int key = Integer.parseInt(blob.key().substring(3, 4));
            assertThat(Hammer.isLegal(key, read(test.cache.read(call(), blob)))).isTrue();
        }
        assertThat(held.stream().mapToLong(Blob::size).sum()).isLessThanOrEqualTo(LIMIT);
        assertThat(test.files()).allMatch(name -> !name.endsWith(".part"));
        assertThat(test.files().stream().filter(name -> name.startsWith("v1."))).hasSize(2 * held.size());
        return held.size();
    }

    private List<String> partialFiles() throws IOException {
        return new TestCache(folder)
                .files().stream().filter(name -> name.endsWith(".part")).toList();
    }
}
