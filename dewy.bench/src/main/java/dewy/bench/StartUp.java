package dewy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures, through the script {@code dewy}, the time from its start to the first deployed version and the resident memory
 * of the idle agent a few seconds later. Run from the root of the project, with the number of runs as its argument:
 * {@code java dewy.bench/src/main/java/dewy/bench/StartUp.java 10}. Scripts of other distributions may follow, each beside
 * its jar; all are measured in turns.
 */
public final class StartUp {
    private static final int IDLE_SECONDS = 5;

    private record Run(long millis, long residentMegabytes) {}

    private StartUp() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        List<String> scripts = arguments.length > 1 ? Arrays.asList(arguments).subList(1, arguments.length) : List.of();
        Map<String, List<Run>> measured = new LinkedHashMap<>();
        measured.put("./dewy", new ArrayList<>());
        scripts.forEach(script -> measured.put(script, new ArrayList<>()));
        for (String script : measured.keySet()) {
            measure(script);
        }
        for (int i = 0; i < runs; i++) {
            for (Map.Entry<String, List<Run>> each : measured.entrySet()) {
                each.getValue().add(measure(each.getKey()));
            }
        }
        measured.forEach(StartUp::print);
    }

    private static void print(String script, List<Run> runs) {
        System.out.println(script);
        print("start to first deployed version, ms", runs.stream().map(Run::millis));
        print("resident memory of the idle agent, MB", runs.stream().map(Run::residentMegabytes));
    }

    private static void print(String what, Stream<Long> values) {
        List<Long> sorted = values.sorted().toList();
        System.out.printf(
                "%s: min %d, median %d, max %d%n",
                what, sorted.get(0), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }

    private static Run measure(String script) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dewy-bench-");
        Path release =
                Files.createDirectories(folder.resolve("releases/v1.0.0")).resolve("site.zip");
        try (OutputStream out = Files.newOutputStream(release);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("index.html"));
            zip.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        Files.setLastModifiedTime(release, java.nio.file.attribute.FileTime.fromMillis(0));
        try {
            return run(script, folder);
        } finally {
            delete(folder);
        }
    }

    private static Run run(String script, Path folder) throws IOException, InterruptedException {
        Path app = folder.resolve("app");
        long started = System.nanoTime();
        Process agent = new ProcessBuilder(
                        script, "assets", "--registry", "file://" + folder.resolve("releases"), "-d", app.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader log = agent.inputReader(StandardCharsets.UTF_8)) {
            awaitDeployment(log);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            String pid = Files.readString(app.resolve(".dewy/agent.pid")).strip();
            return new Run(millis, residentMegabytes(pid));
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

    private static long residentMegabytes(String pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElse(0);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
