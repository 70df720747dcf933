package dewy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures how long an agent that the script {@code dewy} started takes from a fetched tar.gz to the release in force, all
 * of it on the disk, beside {@code tar xzf}, and {@code tar xzf} with {@code sync -f} after it, on the same file, in turns:
 * for 10,000 small files and for 32 large ones. Prints medians, and each as a multiple of {@code tar xzf}. Run from the
 * root of the project with the number of runs and the size of a large file in MiB:
 * {@code java dewy.bench/src/main/java/dewy/bench/Unpack.java 5 32}. A folder to work in may follow; it needs room for
 * three times what the large files have, times the runs.
 */
public final class Unpack {
    private static final String NAME = "app.tar.gz";

    /** Ways to unpack. */
    private enum Way {
        TAR("tar xzf"),
        TAR_AND_SYNC("tar xzf, sync -f"),
        AGENT("fetched to live");

        private final String shown;

        Way(String shown) {
            this.shown = shown;
        }
    }

    private final Path folder;
    private final Path archive;

    private Unpack(Path folder, Path archive) {
        this.folder = folder;
        this.archive = archive;
    }

    public static void main(String... arguments) throws IOException, InterruptedException {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int megabytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 32;
        Path parent = Path.of(arguments.length > 2 ? arguments[2] : System.getProperty("java.io.tmpdir"));
        compare("10,000 files of 3 KB", parent, 10_000, 3_000, runs);
        compare("32 files of " + megabytes + " MiB", parent, 32, megabytes << 20, runs);
    }

    private static void compare(String what, Path parent, int files, int size, int runs)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(parent, "dewy-bench-");
        try {
            Path archive = makeArchive(folder, files, size);
            Map<Way, List<Long>> taken = new EnumMap<>(Way.class);
            for (int i = 0; i < runs; i++) {
                for (Way way : Way.values()) {
                    // Nothing is deleted in between: to create files beside many that are just gone is slow on ext4.
                    Path run = Files.createDirectory(folder.resolve(way + "-" + i));
                    run("sync", "-f", folder.toString());
                    long millis = new Unpack(run, archive).measure(way);
                    taken.computeIfAbsent(way, unused -> new ArrayList<>()).add(millis);
                }
            }
            System.out.println(what);
            long tar = median(taken.getOrDefault(Way.TAR, List.of()));
            taken.forEach((way, millis) -> System.out.printf(
                    "    %-20s %6d ms %6.2f %s%n", way.shown, median(millis), (double) median(millis) / tar, millis));
        } finally {
            delete(folder);
        }
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Half of each file compresses well, and half not at all. */
    private static Path makeArchive(Path folder, int files, int size) throws IOException, InterruptedException {
        Path content = Files.createDirectory(folder.resolve("content"));
        Random random = new Random(1);
        byte[] noise = new byte[size / 2];
        byte[] text = new byte[size / 2];
        for (int at = 0; at < text.length; at++) {
            text[at] = (byte) "etaoinshrdlu \n".charAt(random.nextInt(1 + random.nextInt(14)));
        }
        for (int i = 0; i < files; i++) {
            random.nextBytes(noise);
            Path parent = Files.createDirectories(content.resolve("folder" + i % 100));
            try (OutputStream out = Files.newOutputStream(parent.resolve("file" + i))) {
                out.write(noise);
                out.write(text);
            }
        }
        Path archive = folder.resolve(NAME);
        run("tar", "-czf", archive.toString(), "-C", content.toString(), ".");
        Files.setLastModifiedTime(archive, FileTime.fromMillis(0));
        delete(content);
        return archive;
    }

    private long measure(Way way) throws IOException, InterruptedException {
        return switch (way) {
            case TAR -> tar();
            case TAR_AND_SYNC -> tar() + run("sync", "-f", folder.toString());
            case AGENT -> agent();
        };
    }

    private long tar() throws IOException, InterruptedException {
        return run("tar", "-xzf", archive.toString(), "-C", folder.toString());
    }

    private long agent() throws IOException, InterruptedException {
        Path releases = folder.resolve("releases");
        Path first = Files.createDirectories(releases.resolve("v1.0.0")).resolve(NAME);
        Files.writeString(folder.resolve("index.html"), "hello");
        run("tar", "-C", folder.toString(), "-czf", first.toString(), "index.html");
        Files.setLastModifiedTime(first, FileTime.fromMillis(0));
        Path next = Files.createDirectory(folder.resolve("next"));
        Files.createLink(next.resolve(NAME), archive);

        String app = folder.resolve("app").toString();
        Process agent = new ProcessBuilder("./dewy", "assets", "--registry", "file://" + releases, "-d", app)
                .redirectErrorStream(true)
                .start();
        try (BufferedReader log = agent.inputReader(StandardCharsets.UTF_8)) {
            await("Deployment completed", log);
            TimeUnit.SECONDS.sleep(1);
            Files.move(next, releases.resolve("v2.0.0"));
            await("Cached artifact", log);
            long fetched = System.nanoTime();
            await("Deployment completed", log);
            return millisSince(fetched);
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

    /** Returns how many milliseconds the command took. */
    private static long run(String... command) throws IOException, InterruptedException {
        long started = System.nanoTime();
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
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
