package dewy.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dewy.api.control.Metrics;
import dewy.tck.Await;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus itself says of the metrics, and of what is written for it in docs. */
class PrometheusTest {
    private static final Path DOCS = Path.of("../docs/metrics").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void promtoolFindsNothingWrong() throws Exception {
        assertThat(promtool(sample(), "check", "metrics")).isEmpty();
    }

    @Test
    void promtoolTakesTheAlerts() throws Exception {
        assertThat(promtool("", "check", "rules", DOCS.resolve("alerts.yml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void isScraped() throws Exception {
        String program = ServerProgram.require("prometheus").toString();
        String text = sample();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = text.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", Metrics.CONTENT_TYPE);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        int port = ServerProgram.freePort();
        Path configuration = Files.writeString(
                folder.resolve("prometheus.yml"),
                """
                scrape_configs:
                  - job_name: dewy
                    scrape_interval: 100ms
                    scrape_timeout: 100ms
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """
                        .formatted(server.getAddress().getPort()));
        try (ServerProgram prometheus = ServerProgram.start(
                folder,
                folder.resolve("log"),
                port,
                List.of(
                        program,
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port))) {
            Await.until("the metrics in Prometheus", () -> ask(port, "dewy_deployments_total{app=\"shop\"}")
                    .contains("\"command\":\"server\""));
            assertThat(ask(port, "histogram_quantile(0.5, dewy_deployment_duration_seconds_bucket)"))
                    .contains("\"app\":\"shop\"");
            assertThat(ask(port, "up")).contains(",\"1\"]");
        } finally {
            server.stop(0);
        }
    }

    private static String ask(int port, String query) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, UTF_8));
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    /** Returns all metrics, each with one series. */
    private static String sample() throws IOException {
        Points points = new Points();
        for (Metric metric : Metric.values()) {
            String[] labels = metric.labels().stream()
                    .map(label -> label.equals("app") ? "shop" : label.equals("command") ? "server" : "x \"y\" \\z")
                    .toArray(String[]::new);
            if (metric.type() == Metric.Type.HISTOGRAM) {
                Distribution distribution = new Distribution(metric.boundaries());
                distribution.add(0.25, 3);
                points.add(metric, distribution, labels);
            } else {
                points.add(metric, 7, labels);
            }
        }
        return Reading.of(points);
    }

    /** Returns what it says of a text. */
    private String promtool(String text, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ServerProgram.require("promtool").toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("promtool.txt");
        Process process = new ProcessBuilder(command)
                .redirectInput(
                        Files.writeString(folder.resolve("metrics.txt"), text).toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int code = process.waitFor();
        assertThat(code).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }
}
