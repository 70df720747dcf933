package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dewy.launcher.demo.Load;
import dewy.tck.Await;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The admin API of the launcher's jar. */
@Timeout(240)
class AdminIT {
    private static final int CONNECTIONS = 10_000;
    private static final int LISTENERS = 1_000;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Registry registry;
    private int port;
    private URI url = URI.create("http://localhost/");

    @BeforeEach
    void publishTheFirst() throws IOException {
        Tools.require("python3");
        registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        port = Ports.free();
    }

    @Test
    void showsAndDoesWhatTheCommandsDo() throws Exception {
        try (AgentProcess agent = agent()) {
            agent.await("Deployment completed");
            assertThat(get("/api/apps/app").at("/current/version").asText()).isEqualTo("v1.0.0");
            assertThat(get("/api/status").get("apps").asInt()).isEqualTo(1);

            assertThat(post("/api/apps/app/pause", "").statusCode()).isEqualTo(202);
            assertThat(get("/api/apps/app").get("paused").asBoolean()).isTrue();
            registry.publishServer("v2.0.0");
            HttpResponse<String> begun = post("/api/apps/app/deploy", "{\"version\": \"v2.0.0\"}");
            assertThat(begun.statusCode()).isEqualTo(202);
            String operation = begun.headers().firstValue("location").orElseThrow();
            Await.until("the end of it", () -> get(operation).has("outcome"));
            assertThat(get(operation).at("/outcome/outcome").asText()).isEqualTo("deployed");
            assertThat(get(operation).get("actor").asText()).isEqualTo("admin");
            assertThat(get("/api/apps/app/explain").get("explanation").get(0).asText())
                    .contains("app has v2.0.0");

            assertThat(post("/api/apps/nobody/pause", "").statusCode()).isEqualTo(404);
            assertThat(post("/api/apps/app/scale", "{\"replicas\": 3}").statusCode())
                    .isEqualTo(409);

            JsonNode audit = get("/api/audit?app=app");
            assertThat(audit)
                    .anyMatch(entry -> "pause".equals(entry.get("action").asText())
                            && "admin".equals(entry.get("actor").asText())
                            && entry.get("from").asText().startsWith("http 127.0.0.1:"));
            assertThat(agent.stop()).isZero();
        }
        assertThat(folder.resolve("app/.dewy/admin.sock")).doesNotExist();
    }

    @Test
    void holdsAndRefusesWhatArrives() throws Exception {
        try (AgentProcess agent = agent("--proxy", "builtin")) {
            agent.await("Deployment completed");
            HttpResponse<String> refused =
                    post("/api/apps/app/proxy/maintenance", "{\"page\": \"<p>Back at noon\", \"retry_after\": 90}");
            assertThat(refused.statusCode()).isEqualTo(200);
            assertThat(refused.body()).contains("maintenance");
            HttpResponse<String> page = visit();
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.body()).isEqualTo("<p>Back at noon");
            assertThat(page.headers().firstValue("retry-after")).contains("90");

            assertThat(post("/api/apps/app/proxy/pause", "").statusCode()).isEqualTo(200);
            assertThat(get("/api/apps/app").get("admission").asText()).isEqualTo("pause");
            assertThat(post("/api/apps/app/proxy/resume", "").statusCode()).isEqualTo(200);
            assertThat(visit().statusCode()).isEqualTo(200);

            JsonNode passed = get("/api/apps/app/proxy").get("statistics");
            assertThat(passed.at("/transfer/bytes").asLong()).isPositive();
            assertThat(passed.at("/backends/0/latency/p99").asDouble()).isPositive();
            assertThat(get("/api/audit?app=app"))
                    .anyMatch(entry ->
                            "proxy maintenance".equals(entry.get("action").asText())
                                    && "done".equals(entry.get("outcome").asText()));
            assertThat(agent.stop()).isZero();
        }
    }

    private HttpResponse<String> visit() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void isThereOnlyWhereItIsAskedFor() throws Exception {
        try (AgentProcess agent = AgentProcess.start(
                folder,
                AgentProcess.arguments(
                        "server",
                        registry.url(),
                        folder.resolve("app"),
                        "--port",
                        Integer.toString(port),
                        "--",
                        "current/app"))) {
            agent.await("Deployment completed");
            assertThat(agent.stop()).isZero();
            assertThat(agent.count("Admin API listens")).isZero();
        }
        Path host = Files.createDirectory(folder.resolve("host"));
        try (AgentProcess agent =
                AgentProcess.start(folder, "host", "--log-format", "json", "--dir", host.toString())) {
            assertThat(agent.await("Admin API listens")).containsKeys("url", "socket", "tokens");
            assertThat(agent.stop()).isZero();
        }
        try (AgentProcess agent = AgentProcess.start(
                folder, "host", "--log-format", "json", "--dir", host.toString(), "--admin-port", "none")) {
            agent.await("Dewy started");
            assertThat(agent.stop()).isZero();
            assertThat(agent.count("Admin API listens")).isZero();
        }
    }

    @Test
    void saysWhyThereIsNoneAndGoesOn() throws Exception {
        try (AgentProcess agent = agent("--admin-tls-cert", "missing.pem")) {
            agent.await("Deployment completed");
            assertThat(agent.find("why", record -> "No admin API".equals(record.get("msg")))
                            .get("error"))
                    .contains("--admin-tls-key");
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void isNotDisturbedByWhoeverMeansItHarm() throws Exception {
        List<SocketChannel> hostile = new ArrayList<>();
        try (AgentProcess agent = agent("--proxy", "builtin")) {
            agent.await("Deployment completed");
            try (Load load = Load.on(port, 2, 2, Duration.ofMillis(5))) {
                load.awaitVersion("v1.0.0");
                byte[] listening = ("GET /api/events HTTP/1.1\r\nHost: localhost:" + url.getPort() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < CONNECTIONS; i++) {
                    SocketChannel one = SocketChannel.open();
                    hostile.add(one);
                    one.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()));
                    if (i < LISTENERS) {
                        tell(one, listening);
                    }
                    if (hostile.size() == LISTENERS * 2) {
                        hostile.remove(LISTENERS).close();
                    }
                }
                registry.publishServer("v2.0.0");
                load.awaitVersion("v2.0.0");
                for (SocketChannel one : hostile) {
                    one.close();
                }
                Await.until("an answer", () -> get("/api/apps/app")
                        .at("/current/version")
                        .asText()
                        .equals("v2.0.0"));
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            assertThat(agent.count("Admin request failure")).isZero();
            assertThat(agent.stop()).isZero();
        } finally {
            for (SocketChannel one : hostile) {
                one.close();
            }
        }
    }

    @Test
    void isAsItsDescriptionSays() throws Exception {
        Path schemathesis = ServerProgram.require("schemathesis");
        try (AgentProcess agent = agent()) {
            agent.await("Deployment completed");
            Path output = folder.resolve("schemathesis.txt");
            Process checked = new ProcessBuilder(
                            schemathesis.toString(),
                            "run",
                            url.resolve("/api/openapi.json").toString(),
                            "--header",
                            "Authorization: Bearer " + token(),
                            "--exclude-path",
                            "/api/events",
                            "--phases",
                            Boolean.getBoolean("dewy.long")
                                    ? "examples,coverage,fuzzing,stateful"
                                    : "examples,coverage",
                            "--seed",
                            "1",
                            "--continue-on-failure",
                            "--no-color")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(checked.waitFor(200, TimeUnit.SECONDS)).isTrue();
                assertThat(checked.exitValue()).as(Files.readString(output)).isZero();
            } finally {
                checked.destroyForcibly();
            }
            assertThat(agent.stop()).isZero();
        }
    }

    private AgentProcess agent(String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of(
                "--interval",
                "200ms",
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(Ports.free())));
        options.addAll(List.of(more));
        options.addAll(List.of("--", "current/app"));
        AgentProcess agent = AgentProcess.start(
                folder,
                AgentProcess.arguments(
                        "server", registry.url(), folder.resolve("app"), options.toArray(String[]::new)));
        if (more.length == 0 || !more[0].contains("tls")) {
            url = URI.create(agent.await("Admin API listens").get("url"));
        }
        return agent;
    }

    private String token() throws IOException {
        return Files.readString(folder.resolve("app/.dewy/admin-tokens"))
                .strip()
                .replaceFirst("admin:", "");
    }

    private JsonNode get(String path) throws Exception {
        return new JsonMapper()
                .readTree(client.send(request(path).build(), BodyHandlers.ofString())
                        .body());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer " + token());
    }

    /** One that is closed already cannot be told anything, which is as well. */
    private static void tell(SocketChannel channel, byte[] text) {
        try {
            channel.write(ByteBuffer.wrap(text));
        } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
        }
    }
}
