package dewy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures the time from the moment that a large tar.gz is published in a folder until it is live, through an idle agent
 * that the script {@code dewy} started, beside {@code sha256sum} and then {@code tar xzf} on the same file, in turns; and
 * how much memory the agent takes at most. Run from the root of the project, with the size of the archive in MiB and the
 * number of runs: {@code java dewy.bench/src/main/java/dewy/bench/Publish.java 1024 5}. A folder to work in may follow; it
 * needs room for about six times the archive.
 */
public final class Publish {
    private static final int FILE_SIZE = 16 << 20;
    private static final int BLOCK = 4 << 10;
    private static final String NAME = "app.tar.gz";

    /** Times in milliseconds, memory in MB. */
    private record Run(long sum, long unpack, long fetch, long publish, long before, long peak) {}

    private final Path folder;
    private final Path archive;

    private Publish(Path folder) {
        this.folder = folder;
        this.archive = folder.resolve(NAME);
    }

    public static void main(String... arguments) throws IOException, InterruptedException {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_024;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path parent = Path.of(arguments.length > 2 ? arguments[2] : System.getProperty("java.io.tmpdir"));
        Path folder = Files.createTempDirectory(parent, "dewy-bench-");
        try {
            Publish bench = new Publish(folder);
            bench.makeArchive(megabytes);
            List<Run> measured = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                measured.add(bench.measure());
            }
            print(measured);
        } finally {
            delete(folder);
        }
    }

    private static void print(List<Run> runs) {
        long sum = median(runs.stream().map(Run::sum));
        long unpack = median(runs.stream().map(Run::unpack));
        long publish = median(runs.stream().map(Run::publish));
        System.out.printf("%-40s %8d%n", "sha256sum, ms", sum);
        System.out.printf("%-40s %8d%n", "tar xzf, ms", unpack);
        System.out.printf(
                "%-40s %8d%n", "published to fetched, ms", median(runs.stream().map(Run::fetch)));
        System.out.printf("%-40s %8d%n", "published to live, ms", publish);
        System.out.printf("%-40s %8.2f%n", "published to live, of the two together", (double) publish / (sum + unpack));
        System.out.printf(
                "%-40s %8d%n", "peak of memory before, MB", median(runs.stream().map(Run::before)));
        System.out.printf(
                "%-40s %8d%n", "peak of memory after, MB", median(runs.stream().map(Run::peak)));
    }

    private static long median(Stream<Long> values) {
        List<Long> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Makes an archive of about that size, whose content can be compressed to about half of it. */
    private void makeArchive(int megabytes) throws IOException, InterruptedException {
        Path content = Files.createDirectories(folder.resolve("content"));
        Random random = new Random(1);
        byte[] bytes = new byte[FILE_SIZE];
        for (int i = 0; i < Math.max(1, megabytes / 8); i++) {
            random.nextBytes(bytes);
            for (int block = BLOCK; block < FILE_SIZE; block += BLOCK) {
                System.arraycopy(bytes, block - BLOCK, bytes, block + BLOCK / 2, BLOCK / 2);
            }
            Files.write(content.resolve("file-" + i), bytes);
        }
        run("tar", "-C", content.toString(), "-I", "gzip -1", "-cf", archive.toString(), ".");
        Files.setLastModifiedTime(archive, FileTime.fromMillis(0));
        delete(content);
    }

    private Run measure() throws IOException, InterruptedException {
        run("sync");
        long sum = run("sha256sum", archive.toString());
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        long unpack = run("tar", "-xzf", archive.toString(), "-C", unpacked.toString());
        delete(unpacked);
        run("sync");
        Run run = publish(sum, unpack);
        delete(folder.resolve("app"));
        delete(folder.resolve("releases"));
        System.out.println(run);
        return run;
    }

    private Run publish(long sum, long unpack) throws IOException, InterruptedException {
        Path releases = folder.resolve("releases");
        Path first = Files.createDirectories(releases.resolve("v1.0.0"));
        Files.writeString(folder.resolve("index.html"), "hello");
        run("tar", "-C", folder.toString(), "-czf", first.resolve(NAME).toString(), "index.html");
        Files.setLastModifiedTime(first.resolve(NAME), FileTime.fromMillis(0));
        Path next = Files.createDirectories(folder.resolve("next"));
        Files.createLink(next.resolve(NAME), archive);

        Path app = folder.resolve("app");
        Process agent = new ProcessBuilder("./dewy", "assets", "--registry", "file://" + releases, "-d", app.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader log = agent.inputReader(StandardCharsets.UTF_8)) {
            await("Deployment completed", log);
            TimeUnit.SECONDS.sleep(1);
            Path process = Path.of(
                    "/proc", Files.readString(app.resolve(".dewy/agent.pid")).strip());
            long before = peak(process);
            long published = System.nanoTime();
            Files.move(next, releases.resolve("v2.0.0"));
            await("Cached artifact", log);
            long fetch = millisSince(published);
            await("Deployment completed", log);
            return new Run(sum, unpack, fetch, millisSince(published), before, peak(process));
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    private static void await(String record, BufferedReader log) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains(record)) {
                return;
            }
            if (line.contains("level=ERROR")) {
                throw new IOException(line);
            }
        }
        throw new IOException("the agent ended before it had deployed");
    }

    private static long peak(Path process) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElse(0);
    }

    /** Returns how many milliseconds the command took. */
    private static long run(String... command) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream unused = process.getOutputStream()) {
            if (process.waitFor() != 0) {
                throw new IOException(Arrays.toString(command) + " failed");
            }
        }
        return millisSince(started);
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
