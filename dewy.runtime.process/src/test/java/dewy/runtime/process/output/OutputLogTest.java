package dewy.runtime.process.output;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import dewy.tck.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputLogTest {
    private static final long LIMIT = 64 << 10;

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final AtomicReference<String> last = new AtomicReference<>("");
    private final Path folder;
    private final Path file;
    private final OutputLog output;

    OutputLogTest(@TempDir Path folder) {
        this.folder = folder;
        file = folder.resolve("log").resolve("app.log");
        output = new OutputLog(file, "app", LIMIT, told::add);
    }

    @AfterEach
    void close() {
        output.close();
    }

    @Test
    void tellsWhatIsAppendedAfterItBegan() throws Exception {
        append("before\n");
        output.follow();
        append("after\n");

        Await.until("the line", () -> told.contains("after"));
        assertThat(told).containsExactly("after");
    }

    @Test
    void tellsAnUnfinishedLineWhenNothingFollows() throws Exception {
        output.follow();
        append("Password: ");

        Await.until("the line", () -> told.contains("Password: "));
    }

    @Test
    void tellsTheLastWordsBeforeItCloses() throws Exception {
        output.follow();
        append("fatal: no disk");
        output.close();

        assertThat(told).containsExactly("fatal: no disk");
        assertThat(threads()).isEmpty();
    }

    @Test
    void goesOnWhereItPausedWithoutLossOrRepetition() throws Exception {
        output.follow();
        append("one\ntw");
        Await.until("the first line", () -> told.contains("one"));
        OptionalLong position = output.pause();
        append("o\nthree\n");

        try (OutputLog successor = new OutputLog(file, "app", LIMIT, told::add)) {
            successor.followFrom(position.orElseThrow());
            Await.until("the last line", () -> told.contains("three"));
        }
        assertThat(told).containsExactly("one", "two", "three");
    }

    @Test
    void goesOnWhereOneWasThatWasKilled() throws Exception {
        output.follow();
        append("one\ntwo\n");
        Await.until("the lines", () -> told.contains("two"));
        Path position = file.resolveSibling("app.log.position");
        Await.until("that it is noted", () -> content(position).strip().endsWith("08"));

        Queue<String> later = new ConcurrentLinkedQueue<>();
        try (OutputLog successor = new OutputLog(file, "app", LIMIT, later::add)) {
            successor.followAtLeastFrom(0);
            append("three\n");
            Await.until("the last line", () -> later.contains("three"));
        }
        assertThat(later).containsExactly("three");
    }

    @Test
    void goesOnFromWhatWasKeptWhereNothingWasNoted() throws Exception {
        Files.createDirectories(file.getParent());
        append("one\ntwo\n");

        output.followAtLeastFrom(4);

        Await.until("the line", () -> told.contains("two"));
        assertThat(told).containsExactly("two");
    }

    @Test
    void followsAFileThatSomebodyReplacedOrCut() throws Exception {
        output.follow();
        append("one\n");
        Await.until("the first line", () -> told.contains("one"));
        Files.move(file, folder.resolve("elsewhere"));
        append("two\n\n\n\n\n\n\n");
        Await.until("the line of the new file", () -> told.contains("two"));
        Files.write(file, new byte[0]);
        append("three\n");
        Await.until("the line after the cut", () -> told.contains("three"));
        assertThat(told).containsExactly("one", "two", "three");
    }

    @Test
    void rotatesAFullFileInAQuietMomentAndLosesNothing() throws Exception {
        output.follow();
        List<String> lines = numbered(1, 7_000);
        append(String.join("\n", lines) + "\n");
        Await.until("the rotation", () -> Files.exists(copy()) && output.size() == 0);
        append("after\n");

        Await.until("the line after it", () -> told.contains("after"));
        assertThat(Files.readAllLines(copy())).isEqualTo(lines);
        assertThat(Files.readAllLines(file)).containsExactly("after");
        assertThat(told)
                .containsExactlyElementsOf(
                        Stream.concat(lines.stream(), Stream.of("after")).toList());
    }

    @Test
    void leavesAFileAloneThatIsJustFull() throws Exception {
        output.follow();
        append("x".repeat((int) LIMIT));
        Await.until("a quiet moment, in which the unfinished line is told", () -> !told.isEmpty());
        assertThat(output.size()).isEqualTo(LIMIT);
        append("\n");
        Await.until("the rotation", () -> output.size() == 0);

        assertThat(Files.size(copy())).isEqualTo(LIMIT + 1);
    }

    /** How large it gets between two cuts depends on how soon it is looked at: that is told, and no limit. */
    @Test
    void cutsTheFileHoweverFastItGrows() throws Exception {
        long limit = 4 << 20;
        try (OutputLog flooded = new OutputLog(file, "app", limit, last::set)) {
            flooded.follow();
            Process writer = writer("yes 'a line of thirty-two characters' | head -n 8000000");
            long largest = 0;
            while (writer.isAlive()) {
                largest = Math.max(largest, flooded.size());
            }
            // One line may fall into the gap between copy and cut.
            Await.until("the end", () -> {
                append("the end\n");
                return "the end".equals(last.get());
            });

            assertThat(writer.exitValue()).isZero();
            assertThat(largest).isGreaterThan(limit);
            System.out.printf("of %d bytes, the file had at most %d%n", 8_000_000L * 35, largest);
            Await.until("a file within its limit", () -> flooded.size() <= limit);
            assertThat(Files.size(copy())).isGreaterThan(limit);
        }
    }

    /** What falls into the gap between copy and cut is lost: how much that is depends on how long the gap was. */
    @Test
    void tellsASteadyStreamThatIsNeverQuietInOrder() throws Exception {
        int lines = 300_000;
        Queue<Integer> numbers = new ConcurrentLinkedQueue<>();
        try (OutputLog steady = new OutputLog(file, "app", 512 << 10, line -> {
            if (!line.endsWith("…")) {
                numbers.add(Integer.parseInt(line));
            }
            last.set(line);
        })) {
            steady.follow();
            Process writer = writer("perl -e 'for (2.." + lines + ") { syswrite STDOUT, $_ - 1 . \"\\n\" }'; sleep 1;"
                    + " echo " + lines);
            assertThat(writer.waitFor()).isZero();
            Await.until("the last line", () -> ("" + lines).equals(last.get()));
        }

        System.out.printf("of %d lines, %d were lost in rotations%n", lines, lines - numbers.size());
        assertThat(copy()).exists();
        assertThat(List.copyOf(numbers)).isEqualTo(List.copyOf(new TreeSet<>(numbers)));
    }

    @Test
    void goesOnInTheCopyWhenLinesComeFasterThanTheyAreTold() throws Exception {
        List<String> lines = numbered(1, 20_000);
        append("x");
        output.followFrom(1);
        for (List<String> part : List.of(lines.subList(0, 10_000), lines.subList(10_000, 20_000))) {
            append(String.join("\n", part) + "\n");
        }
        Await.until("the last line", () -> told.contains("line 20000"));

        assertThat(Files.exists(copy())).isTrue();
        assertThat(told).containsExactlyElementsOf(lines);
    }

    @Test
    void keepsUpWithABurst() throws Exception {
        AtomicLong count = new AtomicLong();
        try (OutputLog fast = new OutputLog(file, "app", 64 << 20, line -> count.incrementAndGet())) {
            fast.follow();
            long begin = System.nanoTime();
            Process writer = writer("yes '" + "x".repeat(99) + "' | head -n 1000000");

            Await.until("all lines", () -> count.get() == 1_000_000);
            assertThat(writer.waitFor()).isZero();
            System.out.printf("100 MB of output told in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
            Await.until("the rotation", () -> fast.size() == 0);
            assertThat(Files.size(copy())).isEqualTo(100_000_000);
        }
    }

    @Test
    void showsTheLastLinesSinceAMoment() throws Exception {
        append("old\n");
        long before = output.size();
        append(String.join("\n", numbered(1, 7)) + "\n");

        assertThat(output.lastLines(before)).containsExactlyElementsOf(numbered(3, 7));
        assertThat(output.lastLines(before + 14)).containsExactlyElementsOf(numbered(3, 7));
        assertThat(output.lastLines(Long.MAX_VALUE)).containsExactlyElementsOf(numbered(3, 7));
        assertThat(output.lastLines(output.size())).isEmpty();
    }

    @Test
    void shortensLongLastLines() throws Exception {
        append("x".repeat(100_000) + "\n");

        assertThat(output.lastLines(0)).containsExactly("x".repeat(500) + "…");
    }

    @Test
    void saysWhichFolderCannotBeMade() throws Exception {
        Files.writeString(folder.resolve("log"), "in the way");

        assertThatThrownBy(output::follow).isInstanceOf(StorageException.class).hasMessageContaining(file.toString());
    }

    private Path copy() {
        return file.resolveSibling("app.log.1");
    }

    private void append(String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process writer(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .start();
    }

    private static List<String> numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "line " + i).toList();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("dewy-output"))
                .toList();
    }

    private static String content(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            return "";
        }
    }
}
