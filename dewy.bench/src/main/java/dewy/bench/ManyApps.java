package dewy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures what an idle app costs: one agent with many apps, each with a registry folder and a directory of its own, beside
 * one agent with a single app. Run from the root of the project, with the number of apps and the seconds of idleness that
 * are measured: {@code java dewy.bench/src/main/java/dewy/bench/ManyApps.java 1000 60}.
 */
public final class ManyApps {
    private static final int WARM_UP_SECONDS = 25;
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern HEAP_USED = Pattern.compile("total \\d+K, used (\\d+)K");

    /** What an idle agent uses; memory in KB, CPU in percent of one core. */
    private record Idle(
            double cpu, long resident, long heap, long threads, long descriptors, long instances, long watches) {}

    private record Run(long deployedMillis, long mostThreads, long stopMillis, Idle idle) {}

    private ManyApps() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        int apps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        Run one = measure(1, seconds);
        Run many = measure(apps, seconds);
        Idle a = one.idle();
        Idle b = many.idle();
        int more = Math.max(1, apps - 1);
        System.out.printf("%-34s %12s %12s %12s%n", "", "1 app", apps + " apps", "per app");
        print("start to all deployed, ms", one.deployedMillis(), many.deployedMillis(), more);
        print("most threads until then", one.mostThreads(), many.mostThreads(), more);
        print("CPU when idle, % of a core", a.cpu(), b.cpu(), more);
        print("resident memory when idle, KB", a.resident(), b.resident(), more);
        print("heap after a collection, KB", a.heap(), b.heap(), more);
        print("threads", a.threads(), b.threads(), more);
        print("descriptors", a.descriptors(), b.descriptors(), more);
        print("inotify instances", a.instances(), b.instances(), more);
        print("inotify watches", a.watches(), b.watches(), more);
        print("SIGTERM to end, ms", one.stopMillis(), many.stopMillis(), more);
    }

    private static void print(String what, Number first, Number last, int more) {
        double one = first.doubleValue();
        double many = last.doubleValue();
        System.out.printf("%-34s %12.2f %12.2f %12.3f%n", what, one, many, (many - one) / more);
    }

    private static Run measure(int apps, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dewy-bench-");
        try {
            for (int i = 0; i < apps; i++) {
                release(Files.createDirectories(folder.resolve("registries/app-" + i + "/v1.0.0")));
            }
            Files.writeString(folder.resolve("dewy.yaml"), configuration(folder, apps));
            return run(folder, apps, seconds);
        } finally {
            delete(folder);
        }
    }

    private static void release(Path version) throws IOException {
        Path archive = version.resolve("site.zip");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("index.html"));
            zip.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        Files.setLastModifiedTime(archive, FileTime.fromMillis(0));
    }

    private static String configuration(Path folder, int apps) {
        StringBuilder text = new StringBuilder("apps:\n");
        for (int i = 0; i < apps; i++) {
            text.append("  app-" + i + ": {registry: 'file://" + folder.resolve("registries/app-" + i) + "'}\n");
        }
        return text.toString();
    }

    private static Run run(Path folder, int apps, int seconds) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Process script = new ProcessBuilder(
                        "./dewy", "host", "-d", folder.toString(), "--config", folder.resolve("dewy.yaml") + "")
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try (BufferedReader log = script.inputReader(StandardCharsets.UTF_8)) {
            long mostThreads = awaitDeployments(log, apps, folder.resolve(".dewy/agent.pid"));
            long deployed = millisSince(started);
            Thread reader = new Thread(() -> log.lines().forEach(line -> {}));
            reader.start();
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            Idle idle =
                    idle(Path.of("/proc", pid(folder.resolve(".dewy/agent.pid")).orElseThrow()), seconds);
            long asked = System.nanoTime();
            script.toHandle().destroy(); // Its output stays open to be read.
            script.waitFor();
            long stopped = millisSince(asked);
            reader.join();
            return new Run(deployed, mostThreads, stopped, idle);
        } finally {
            script.destroy();
            script.waitFor();
        }
    }

    /** Returns the highest number of threads that was seen meanwhile. */
    private static long awaitDeployments(BufferedReader log, int apps, Path pidFile) throws IOException {
        long most = 0;
        int deployed = 0;
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (!line.contains("Deployment completed")) {
                continue;
            }
            Optional<String> pid = pid(pidFile);
            most = pid.isPresent() ? Math.max(most, status(Path.of("/proc", pid.get()), "Threads:")) : most;
            if (++deployed == apps) {
                return most;
            }
        }
        throw new IOException("the agent ended with " + deployed + " of " + apps + " apps deployed");
    }

    private static Idle idle(Path process, int seconds) throws IOException, InterruptedException {
        long ticks = cpuTicks(process);
        long from = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        double used = (cpuTicks(process) - ticks) / TICKS_PER_SECOND;
        double cpu = 100 * used / (millisSince(from) / 1_000.0);
        long resident = status(process, "VmRSS:");
        long threads = status(process, "Threads:");
        List<Path> descriptors = list(process.resolve("fd"));
        List<String> inotify = new ArrayList<>();
        for (Path descriptor : descriptors) {
            if (isInotify(descriptor)) {
                inotify.add(Files.readString(process.resolve("fdinfo").resolve(descriptor.getFileName())));
            }
        }
        long watches = inotify.stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("inotify wd:"))
                .count();
        return new Idle(cpu, resident, heap(process), threads, descriptors.size(), inotify.size(), watches);
    }

    /** Returns user and system time: fields 14 and 15, counted behind the name, which may hold blanks. */
    private static long cpuTicks(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long status(Path process, String key) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static boolean isInotify(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("inotify");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static long heap(Path process) throws IOException {
        jcmd(process, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(process, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        return sum;
    }

    private static String jcmd(Path process, String command) throws IOException {
        String program = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        Process running = new ProcessBuilder(program, process.getFileName().toString(), command)
                .redirectErrorStream(true)
                .start();
        return new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Optional<String> pid(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
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
