package dewy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Runs one agent with a server through many cycles, about every tenth of which brings a new version, and looks now and then what
 * it uses; ends with 1 when anything has grown beyond bounds. Run from the root of the project, with the number of cycles:
 * {@code java dewy.bench/src/main/java/dewy/bench/LongRun.java 2000}.
 */
public final class LongRun {
    private static final int IDLE_CYCLES = 7;
    private static final int LOOKS = 10;
    private static final String INTERVAL = "20ms";
    private static final Pattern HEAP_USED = Pattern.compile("total \\d+K, used (\\d+)K");
    private static final String CYCLE_ENDED = "msg=\"Deploy skipped\"";
    private static final String DEPLOYED = "msg=\"Deployment completed\"";

    /** What an agent uses; memory and files in KB. */
    private record Use(
            int cycles,
            int upgrades,
            long threads,
            long descriptors,
            long children,
            long heap,
            long resident,
            long journal,
            long releases,
            long files) {
        /** Returns what has grown beyond bounds since an earlier look. */
        List<String> growthSince(Use earlier) {
            List<String> grown = new ArrayList<>();
            note(grown, "threads", threads, earlier.threads + 5);
            note(grown, "descriptors", descriptors, earlier.descriptors + 5);
            note(grown, "children", children, 2);
            note(grown, "heap after a collection, KB", heap, earlier.heap + 3_072);
            note(grown, "journal, KB", journal, 1_024);
            note(grown, "release folders", releases, 8);
            return grown;
        }

        private static void note(List<String> grown, String what, long now, long bound) {
            if (now > bound) {
                grown.add(what + ": " + now + " > " + bound);
            }
        }

        void print() {
            System.out.printf(
                    "%7d %8d %8d %11d %8d %9d %9d %10d %9d %9d%n",
                    cycles, upgrades, threads, descriptors, children, heap, resident, journal, releases, files);
        }
    }

    private final Path folder;
    private final Path app;
    private final int cycles;
    private int seen;
    private int upgrades;

    private LongRun(Path folder, int cycles) {
        this.folder = folder;
        this.app = folder.resolve("app");
        this.cycles = cycles;
    }

    public static void main(String... arguments) throws IOException, InterruptedException {
        int cycles = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        Path folder = Files.createTempDirectory("dewy-bench-");
        List<Use> uses;
        try {
            uses = new LongRun(folder, cycles).run();
        } finally {
            delete(folder);
        }
        // The first tenth is left to the JVM to warm up in.
        List<String> grown = uses.get(uses.size() - 1).growthSince(uses.get(0));
        grown.forEach(System.out::println);
        System.exit(grown.isEmpty() ? 0 : 1);
    }

    private List<Use> run() throws IOException, InterruptedException {
        Files.createDirectories(app);
        publish();
        long started = System.nanoTime();
        Process script = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try (BufferedReader log = script.inputReader(StandardCharsets.UTF_8)) {
            List<Use> uses = follow(log);
            System.out.printf("%d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
            Thread rest = new Thread(() -> log.lines().forEach(line -> {}));
            rest.start();
            script.toHandle().destroy(); // Its output stays open to be read.
            script.waitFor();
            rest.join();
            return uses;
        } finally {
            script.destroy();
            script.waitFor();
        }
    }

    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of("./dewy", "server", "-i", INTERVAL, "-l", "debug"));
        command.addAll(List.of("--registry", "file://" + folder.resolve("registry") + "?settle=1ms"));
        command.addAll(List.of("-d", app.toString(), "--ready-time", "20ms", "-p", "127.0.0.1:" + freePort()));
        command.addAll(List.of("--", "/bin/sh", "current/app"));
        return command;
    }

    /** Publishes a version whenever a few cycles have gone by since the last one was deployed. */
    private List<Use> follow(BufferedReader log) throws IOException, InterruptedException {
        System.out.println(
                " cycles upgrades  threads descriptors children  heap, KB   RSS, KB journal/KB  releases files/KB");
        List<Use> uses = new ArrayList<>();
        int deployedAt = -1;
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains(DEPLOYED)) {
                seen++;
                upgrades++;
                deployedAt = seen;
            } else if (line.contains(CYCLE_ENDED)) {
                seen++;
                if (deployedAt >= 0 && seen == deployedAt + IDLE_CYCLES) {
                    publish();
                }
                if (seen >= (uses.size() + 1) * cycles / LOOKS) {
                    uses.add(look());
                    uses.get(uses.size() - 1).print();
                }
                if (uses.size() == LOOKS) {
                    return uses;
                }
            }
        }
        throw new IOException("the agent ended after " + seen + " cycles");
    }

    private void publish() throws IOException {
        Path version = Files.createDirectories(folder.resolve("registry/v1." + upgrades + ".0"));
        Path part = version.resolve(".app.part");
        try (OutputStream out = Files.newOutputStream(part);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("app"));
            zip.write("#!/bin/sh\necho started\nexec sleep 10000\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.move(part, version.resolve("app.zip"), StandardCopyOption.ATOMIC_MOVE);
    }

    private Use look() throws IOException {
        ProcessHandle agent = ProcessHandle.of(Long.parseLong(
                        Files.readString(app.resolve(".dewy/agent.pid")).strip()))
                .orElseThrow();
        Path process = Path.of("/proc", Long.toString(agent.pid()));
        return new Use(
                seen,
                upgrades,
                status(process, "Threads:"),
                count(process.resolve("fd")),
                agent.children().count(),
                heap(agent.pid()),
                status(process, "VmRSS:"),
                Files.size(app.resolve(".dewy/journal")) / 1_024,
                count(app.resolve("releases")),
                size(app) / 1_024);
    }

    private static long status(Path process, String key) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static long heap(long pid) throws IOException {
        jcmd(pid, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        return sum;
    }

    private static String jcmd(long pid, String command) throws IOException {
        String program = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        Process running = new ProcessBuilder(program, Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        return new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** Files come and go meanwhile. */
    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
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
