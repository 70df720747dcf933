package dewy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures what an idle app costs whose registry is a folder with many versions, beside one with a single version. Run from
 * the root of the project, with the number of versions and the seconds of idleness that are measured: {@code java
 * dewy.bench/src/main/java/dewy/bench/ManyVersions.java 10000 600}. Everything is looked at again every ten minutes, which
 * is part of what is measured only where it lasts as long.
 */
public final class ManyVersions {
    private static final int WARM_UP_SECONDS = 35;
    private static final double TICKS_PER_SECOND = 100;

    /** What an idle agent uses; memory in KB, CPU in percent of one core. */
    private record Idle(double cpu, long resident, long watches) {}

    private ManyVersions() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        int versions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 600;
        Idle one = measure(1, seconds);
        Idle many = measure(versions, seconds);
        System.out.printf("%-34s %12s %12s%n", "", "1 version", versions + " versions");
        System.out.printf("%-34s %12.2f %12.2f%n", "CPU when idle, % of a core", one.cpu(), many.cpu());
        System.out.printf("%-34s %12d %12d%n", "resident memory when idle, KB", one.resident(), many.resident());
        System.out.printf("%-34s %12d %12d%n", "inotify watches", one.watches(), many.watches());
    }

    private static Idle measure(int versions, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dewy-bench-");
        try {
            Path archive = archive(folder.resolve("site.zip"));
            for (int i = 0; i < versions; i++) {
                Path version = Files.createDirectories(folder.resolve("releases/v1." + i + ".0"));
                Files.createLink(version.resolve("site.zip"), archive);
            }
            return run(folder, seconds);
        } finally {
            delete(folder);
        }
    }

    private static Path archive(Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("index.html"));
            zip.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        return Files.setLastModifiedTime(archive, FileTime.fromMillis(0));
    }

    private static Idle run(Path folder, int seconds) throws IOException, InterruptedException {
        Path app = folder.resolve("app");
        Process agent = new ProcessBuilder(
                        "./dewy", "assets", "--registry", "file://" + folder.resolve("releases"), "-d", app.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader log = agent.inputReader(StandardCharsets.UTF_8)) {
            awaitDeployment(log);
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            return idle(
                    Path.of(
                            "/proc",
                            Files.readString(app.resolve(".dewy/agent.pid")).strip()),
                    seconds);
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    private static void awaitDeployment(BufferedReader log) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains("Deployment completed")) {
                return;
            }
        }
        throw new IOException("the agent ended before it had deployed");
    }

    private static Idle idle(Path process, int seconds) throws IOException, InterruptedException {
        long ticks = cpuTicks(process);
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        double used = (cpuTicks(process) - ticks) / TICKS_PER_SECOND;
        double passed = (System.nanoTime() - from) / 1e9;
        return new Idle(100 * used / passed, resident(process), watches(process));
    }

    /** Returns user and system time: fields 14 and 15, counted behind the name, which may hold blanks. */
    private static long cpuTicks(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long resident(Path process) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static long watches(Path process) throws IOException {
        long watches = 0;
        for (Path about : list(process.resolve("fdinfo"))) {
            watches += lines(about).stream()
                    .filter(line -> line.startsWith("inotify wd:"))
                    .count();
        }
        return watches;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** Returns what is told of a descriptor, which may be closed by now. */
    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
