package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.store.Entry;
import dewy.store.TextStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several processes agree on, some of which are killed. */
class SharedStoreTest {
    /** Something that an agent did: what, the number it got, and the revision. */
    private record Done(String what, long number, long revision) {}

    private final Path folder;
    private final Path outputs;
    private final List<Process> processes = new ArrayList<>();

    SharedStoreTest(@TempDir Path folder, @TempDir Path outputs) {
        this.folder = folder;
        this.outputs = outputs;
    }

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    @Tag("long")
    void agentsAgreeWhileOthersAreKilled() throws Exception {
        long chance = Long.getLong("dewy.test.seed", 1);
        System.out.println("-Ddewy.test.seed=" + chance);
        Random random = new Random(chance);
        boolean isLong = Boolean.getBoolean("dewy.long");
        for (int seed = 1; seed <= 2; seed++) {
            start(seed, isLong ? 5_000 : 150);
        }
        int kills = isLong ? 100 : 4;
        for (int i = 1; i <= kills; i++) {
            Process process = start(100 + i, 1_000_000);
            awaitFirstLine(100 + i);
            process.waitFor(random.nextInt(150), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
        }
        for (Process process : processes.subList(0, 2)) {
            assertThat(process.waitFor(600, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }

        List<Done> done = done();
        assertCounted(done, kills);
        assertThat(done.stream().filter(one -> one.what.equals("granted")).map(Done::number))
                .doesNotHaveDuplicates();
        assertThat(done.stream()
                        .filter(one -> one.what.equals("guarded"))
                        .sorted(Comparator.comparing(Done::revision))
                        .map(Done::number))
                .as("under which lease was written, one write after the other")
                .isNotEmpty()
                .isSorted();
    }

    /** What a process had done when it was killed it may not have told. */
    private void assertCounted(List<Done> done, int kills) throws Exception {
        List<Done> counted =
                done.stream().filter(one -> one.what.equals("counted")).toList();
        TextStore store = new TextStore(new StoreFile(folder, Uptime::now, InstantSource.system()), System::nanoTime);
        int last = store.read(call(), StoreHammer.COUNTER)
                .map(Entry::value)
                .map(Integer::parseInt)
                .orElseThrow();
        assertThat(counted.stream().map(Done::number)).doesNotHaveDuplicates().allMatch(number -> number <= last);
        assertThat(counted).hasSizeBetween(last - kills, last);
        assertThat(counted.stream().sorted(Comparator.comparing(Done::revision)).map(Done::number))
                .isSorted();
    }

    private Process start(int seed, int rounds) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        java,
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        StoreHammer.class.getName(),
                        folder.toString(),
                        String.valueOf(seed),
                        String.valueOf(rounds))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output(seed).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private Path output(int seed) {
        return outputs.resolve(String.valueOf(seed));
    }

    private void awaitFirstLine(int seed) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Files.size(output(seed)) == 0) {
            assertThat(System.nanoTime()).as("agent %d begins", seed).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private List<Done> done() throws IOException {
        List<Done> done = new ArrayList<>();
        try (Stream<Path> files = Files.list(outputs)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> done.add(parse(line)));
            }
        }
        return done;
    }

    private static Done parse(String line) {
        String[] words = line.split(" ", -1);
        return new Done(words[0], Long.parseLong(words[1]), words.length > 2 ? Long.parseLong(words[2]) : 0);
    }
}
