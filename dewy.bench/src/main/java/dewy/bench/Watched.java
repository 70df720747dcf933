package dewy.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures what it costs to be watched: requests per second through the built-in proxy, and the time of a deployment, with the
 * page of an app open in the dashboard and its metrics scraped each second, and without; in pairs, one right after the other, by
 * one agent. The page is asked for what a browser asks for, at the same times, but not drawn. {@code wrk} and {@code nginx}
 * are needed. Run from the root of the project, with the number of pairs as its argument:
 * {@code java dewy.bench/src/main/java/dewy/bench/Watched.java 10}.
 */
public final class Watched implements AutoCloseable {
    private static final int SECONDS = 4;
    private static final int WARM_UPS = 3;
    private static final int CONNECTIONS = 32;
    private static final int ARTIFACT = 16 << 20;
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern NEWEST =
            Pattern.compile("\\{[^{}]*?\"version\"\\s*:\\s*\"(v[\\d.]+)\"[^{}]*?\"seconds\"\\s*:\\s*([\\d.]+)[^{}]*}");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder = Files.createTempDirectory("dewy-bench-");
    private final int port = free();
    private final Process agent;
    private final String api;
    private int published;

    private Watched() throws IOException {
        publish();
        List<String> command = List.of(
                "java",
                "-jar",
                "dewy.launcher/target/dewy-launcher.jar",
                "server",
                "--registry",
                "file://" + folder.resolve("releases"),
                "-d",
                folder.resolve("app").toString(),
                "--name",
                "app",
                "-i",
                "1s",
                "--ready-time",
                "0s",
                "--proxy",
                "builtin",
                "--port",
                "127.0.0.1:" + port,
                "--telemetry",
                "--admin-port",
                Integer.toString(free()),
                "--",
                "sh",
                "current/app");
        agent = new ProcessBuilder(command).redirectErrorStream(true).start();
        api = awaitAddress(agent.inputReader(StandardCharsets.UTF_8));
    }

    public static void main(String... arguments) throws IOException, InterruptedException {
        int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        List<Double> rates = new ArrayList<>();
        List<Double> times = new ArrayList<>();
        try (Watched watched = new Watched()) {
            watched.deployed();
            for (int i = 0; i < WARM_UPS; i++) {
                watched.measure();
            }
            for (int pair = 0; pair < pairs; pair++) {
                boolean isAloneFirst = pair % 2 == 0;
                Figures first = isAloneFirst ? watched.measure() : watched.measureWatched();
                Figures second = isAloneFirst ? watched.measureWatched() : watched.measure();
                Figures alone = isAloneFirst ? first : second;
                Figures looked = isAloneFirst ? second : first;
                System.out.printf(
                        "%,9.0f requests/s alone, %,9.0f watched; agent %.2f and %.2f of a processor;"
                                + " deployment %.3f s and %.3f s%n",
                        alone.rate, looked.rate, alone.share, looked.share, alone.seconds, looked.seconds);
                rates.add(looked.rate / alone.rate);
                times.add(looked.seconds / alone.seconds);
            }
        }
        print("requests per second", rates);
        print("time of a deployment", times);
    }

    /**
     * What was measured.
     *
     * @param rate requests per second
     * @param share of a processor that the agent took meanwhile
     * @param seconds that a deployment took
     */
    private record Figures(double rate, double share, double seconds) {}

    private Figures measure() throws IOException, InterruptedException {
        Duration before = processorTime();
        double rate = rate();
        Duration taken = processorTime().minus(before);
        publish();
        return new Figures(rate, taken.toMillis() / (SECONDS * 1e3), deployed());
    }

    private Duration processorTime() {
        return agent.info().totalCpuDuration().orElseThrow();
    }

    private Figures measureWatched() throws IOException, InterruptedException {
        try (Watcher watcher = new Watcher()) {
            Figures figures = measure();
            watcher.check();
            return figures;
        }
    }

    /** A browser at the page of the app, and Prometheus. */
    private final class Watcher implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
        private final InputStream events;
        private volatile String failure = "";

        Watcher() throws IOException, InterruptedException {
            events = client.send(request("/api/events"), BodyHandlers.ofInputStream())
                    .body();
            timer.execute(this::read);
            each(1_000, "/metrics");
            each(2_000, "/api/apps/app/proxy");
            each(5_000, "/api/apps");
            each(5_000, "/api/apps/app");
            each(5_000, "/api/apps/app/explain");
            each(30_000, "/api/apps/app/history");
        }

        private void each(long millis, String path) {
            var unused = timer.scheduleAtFixedRate(() -> ask(path), 0, millis, TimeUnit.MILLISECONDS);
        }

        private void ask(String path) {
            try {
                HttpResponse<String> answer = client.send(request(path), BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    failure = path + ": " + answer.statusCode();
                }
            } catch (IOException | InterruptedException e) {
                failure = path + ": " + e;
            }
        }

        /** What happens is asked for at once, as the page does. */
        private void read() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:") && line.contains("deployment")) {
                        ask("/api/apps/app");
                        ask("/api/apps/app/history");
                    }
                }
            } catch (IOException e) {
                // It is closed.
            }
        }

        void check() throws IOException {
            if (!failure.isEmpty()) {
                throw new IOException(failure);
            }
        }

        @Override
        public void close() throws IOException {
            timer.shutdownNow();
            events.close();
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(api + path)).build();
    }

    private double rate() throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(
                        "wrk", "-t1", "-c" + CONNECTIONS, "-d" + SECONDS, "http://127.0.0.1:" + port + "/")
                .redirectErrorStream(true)
                .start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher found = RATE.matcher(output);
        if (wrk.waitFor() != 0 || !found.find() || output.contains("Non-2xx") || output.contains("Socket errors")) {
            throw new IOException("wrk: " + output);
        }
        return Double.parseDouble(found.group(1));
    }

    /** Returns how long the deployment of what was published last took, in seconds, once it is over. */
    private double deployed() throws IOException, InterruptedException {
        String wanted = "v1.0." + published;
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1); System.nanoTime() < end; ) {
            Matcher newest = NEWEST.matcher(client.send(request("/api/apps/app/history"), BodyHandlers.ofString())
                    .body());
            if (newest.find() && newest.group(1).equals(wanted)) {
                if (newest.group().contains("\"error\"")) {
                    throw new IOException(newest.group());
                }
                return Double.parseDouble(newest.group(2));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException(wanted + " was not deployed in a minute");
    }

    /** Publishes a server that answers with a few bytes, beside others that make the artifact large. */
    private void publish() throws IOException {
        Path release = Files.createDirectories(folder.resolve("releases/v1.0." + ++published));
        Path part = folder.resolve("artifact");
        byte[] noise = new byte[ARTIFACT];
        new Random(published).nextBytes(noise);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(part))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry("app"));
            zip.write(
                    """
                    #!/bin/sh
                    cat >nginx.conf.$PORT <<END
                    daemon off; pid $PWD/nginx.pid.$PORT; error_log stderr; worker_processes 1;
                    events { worker_connections 1024; }
                    http { access_log off; server { listen 127.0.0.1:$PORT; location / { return 200 "hello"; } } }
                    END
                    exec nginx -c $PWD/nginx.conf.$PORT
                    """
                            .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("noise"));
            zip.write(noise);
        }
        Files.move(part, release.resolve("app.zip"));
    }

    private static String awaitAddress(BufferedReader log) throws IOException {
        Pattern address = Pattern.compile("Admin API listens.*?url=\"?(http://[^\"\\s]+)/");
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher found = address.matcher(line);
            if (found.find()) {
                Thread rest = new Thread(() -> skip(log));
                rest.setDaemon(true);
                rest.start();
                return found.group(1);
            }
        }
        throw new IOException("the agent ended before it listened");
    }

    private static void skip(BufferedReader log) {
        try {
            while (log.readLine() != null) {}
        } catch (IOException e) {
            // The agent has ended.
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void print(String what, List<Double> ratios) {
        double[] sorted = DoubleStream.of(
                        ratios.stream().mapToDouble(Double::doubleValue).toArray())
                .sorted()
                .toArray();
        System.out.printf(
                "%s, watched beside alone: median %.3f, from %.3f to %.3f%n",
                what, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    @Override
    public void close() throws IOException {
        agent.destroy();
        agent.onExit().join();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
