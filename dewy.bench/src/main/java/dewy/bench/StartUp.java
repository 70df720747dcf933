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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures the time from the start of an agent to the first deployed version, and the resident memory of the idle agent a few
 * seconds later: through the script {@code dewy}, through the script on its first run ever, and by {@code java -jar}. Run
 * from the root of the project, with the number of runs as its argument:
 * {@code java dewy.bench/src/main/java/dewy/bench/StartUp.java 10}. Scripts of other distributions may follow, each beside
 * its jar; all are measured in turns, and compared with the last one.
 */
public final class StartUp {
    private static final int IDLE_SECONDS = 5;

    private record Run(long millis, long residentMegabytes) {}

    /** How an agent is started. */
    private enum Way {
        SCRIPT("script"),
        FIRST_RUN("script, first run ever"),
        JAR("java -jar");

        private final String title;

        Way(String title) {
            this.title = title;
        }

        /** Where the script keeps its archive of classes; a new folder makes each run the first one. */
        Path cache(Path kept, Path run) {
            return this == FIRST_RUN ? run.resolve("cache") : kept;
        }

        List<String> command(String script) {
            Path beside = Path.of(script).resolveSibling("dewy-launcher.jar");
            Path jar = Files.exists(beside) ? beside : Path.of("dewy.launcher/target/dewy-launcher.jar");
            return this == JAR ? List.of("java", "-jar", jar.toString()) : List.of(script);
        }
    }

    private StartUp() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        List<String> scripts = new ArrayList<>(List.of("./dewy"));
        scripts.addAll(Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length));
        Path cache = Files.createTempDirectory("dewy-bench-cache-");
        try {
            for (Way way : Way.values()) {
                measure(way, scripts, runs, cache);
            }
        } finally {
            delete(cache);
        }
    }

    private static void measure(Way way, List<String> scripts, int runs, Path cache)
            throws IOException, InterruptedException {
        Map<String, List<Run>> measured = new LinkedHashMap<>();
        for (String script : scripts) {
            measured.put(script, new ArrayList<>());
            measure(way, script, cache); // Fills the caches of the system, and the one of the classes.
        }
        for (int i = 0; i < runs; i++) {
            for (Map.Entry<String, List<Run>> each : measured.entrySet()) {
                each.getValue().add(measure(way, each.getKey(), cache));
            }
        }
        List<Run> last = Objects.requireNonNull(measured.get(scripts.get(scripts.size() - 1)));
        measured.forEach((script, each) -> {
            System.out.println(script + " (" + way.title + ")");
            print("start to first deployed version, ms", each.stream().map(Run::millis));
            print("resident memory of the idle agent, MB", each.stream().map(Run::residentMegabytes));
            System.out.printf("time beside the last script, median of the pairs: %.2f%n", ratio(each, last));
        });
    }

    private static double ratio(List<Run> runs, List<Run> others) {
        double[] ratios = IntStream.range(0, runs.size())
                .mapToDouble(i -> (double) runs.get(i).millis() / others.get(i).millis())
                .sorted()
                .toArray();
        return ratios[ratios.length / 2];
    }

    private static void print(String what, Stream<Long> values) {
        List<Long> sorted = values.sorted().toList();
        System.out.printf(
                "%s: min %d, median %d, max %d%n",
                what, sorted.get(0), sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }

    private static Run measure(Way way, String script, Path cache) throws IOException, InterruptedException {
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
            return run(way, script, folder, cache);
        } finally {
            delete(folder);
        }
    }

    private static Run run(Way way, String script, Path folder, Path cache) throws IOException, InterruptedException {
        Path app = folder.resolve("app");
        long started = System.nanoTime();
        List<String> command = new ArrayList<>(way.command(script));
        command.addAll(List.of("assets", "--registry", "file://" + folder.resolve("releases"), "-d", app.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("XDG_CACHE_HOME", way.cache(cache, folder).toString());
        Process agent = builder.start();
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
