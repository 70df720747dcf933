package dewy.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures the time from the start of an agent to the first deployed version, the processor's time until then, which is the
 * steadier figure on a machine that does something else as well, and the resident memory of the idle agent a few seconds
 * later: through the script {@code dewy}, through the script on its first run ever, by {@code java -jar}, and through the
 * script with releases of a stand-in for GitHub. Run from the root of the project, with the number of runs as its argument:
 * {@code java dewy.bench/src/main/java/dewy/bench/StartUp.java 10}. Scripts of other distributions may follow, each beside
 * its jar; all are measured in turns, and compared with the last one.
 */
public final class StartUp {
    private static final int IDLE_SECONDS = 5;
    /** Linux counts the time of processes in these. */
    private static final long MILLIS_A_TICK = 10;

    private record Run(long millis, long processorMillis, long residentMegabytes) {}

    /** How an agent is started. */
    private enum Way {
        SCRIPT("script"),
        FIRST_RUN("script, first run ever"),
        JAR("java -jar"),
        GITHUB("script, releases on GitHub");

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

        String registry(Path releases) {
            return this == GITHUB ? "github://acme/site" : "file://" + releases;
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
            print("processor time until then, ms", each.stream().map(Run::processorMillis));
            print("resident memory of the idle agent, MB", each.stream().map(Run::residentMegabytes));
            System.out.printf(
                    "beside the last script, medians of the pairs: time %.2f, processor time %.2f%n",
                    ratio(each, last, Run::millis), ratio(each, last, Run::processorMillis));
        });
    }

    private static double ratio(List<Run> runs, List<Run> others, ToLongFunction<Run> figure) {
        double[] ratios = IntStream.range(0, runs.size())
                .mapToDouble(i -> (double) figure.applyAsLong(runs.get(i)) / figure.applyAsLong(others.get(i)))
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
        byte[] site = site();
        Path release =
                Files.createDirectories(folder.resolve("releases/v1.0.0")).resolve("site.zip");
        Files.write(release, site);
        Files.setLastModifiedTime(release, java.nio.file.attribute.FileTime.fromMillis(0));
        HttpServer github = gitHub(site);
        try {
            return run(way, script, folder, cache, github.getAddress().getPort());
        } finally {
            github.stop(0);
            delete(folder);
        }
    }

    private static byte[] site() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("index.html"));
            zip.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Returns a stand-in for GitHub that has one release with one asset, and tells whether something is new. */
    private static HttpServer gitHub(byte[] site) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] releases =
                """
                [{"id": 1, "tag_name": "v1.0.0", "draft": false, "prerelease": false,
                  "published_at": "2026-01-01T00:00:00Z",
                  "assets": [{"id": 2, "name": "site.zip", "state": "uploaded", "size": %d}]}]"""
                        .formatted(site.length)
                        .getBytes(StandardCharsets.UTF_8);
        server.createContext("/repos/acme/site/releases", exchange -> {
            try (exchange) {
                boolean known = exchange.getRequestHeaders().containsKey("If-None-Match");
                exchange.getResponseHeaders().add("ETag", "\"1\"");
                exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : releases.length);
                if (!known) {
                    exchange.getResponseBody().write(releases);
                }
            }
        });
        server.createContext("/repos/acme/site/releases/assets/2", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, site.length);
                exchange.getResponseBody().write(site);
            }
        });
        server.start();
        return server;
    }

    private static Run run(Way way, String script, Path folder, Path cache, int github)
            throws IOException, InterruptedException {
        Path app = folder.resolve("app");
        long started = System.nanoTime();
        List<String> command = new ArrayList<>(way.command(script));
        command.addAll(List.of("assets", "--registry", way.registry(folder.resolve("releases")), "-d", app.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("XDG_CACHE_HOME", way.cache(cache, folder).toString());
        builder.environment().put("GITHUB_API_URL", "http://127.0.0.1:" + github);
        Process agent = builder.start();
        try (BufferedReader log = agent.inputReader(StandardCharsets.UTF_8)) {
            awaitDeployment(log);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            long processorMillis = processorMillis(agent.pid());
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            return new Run(millis, processorMillis, residentMegabytes(agent.pid()));
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

    /** The script has Java take its place, so what it took itself is in it as well. */
    private static long processorMillis(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_A_TICK;
    }

    private static long residentMegabytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", "" + pid, "status")).stream()
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
