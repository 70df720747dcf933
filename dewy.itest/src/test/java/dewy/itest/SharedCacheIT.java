package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.ServerProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Caches that are no folder, in agents with a small heap. */
@Timeout(300)
class SharedCacheIT {
    /** More than the heap. */
    private static final int LARGE = 72 << 20;

    /** Consul is slow, and meant for small ones. */
    private static final int SMALL = 20 << 20;

    private static final String SMALL_HEAP = "-Xmx64m";

    @TempDir
    Path folder;

    private final ArtifactServer artifacts = new ArtifactServer();

    SharedCacheIT() throws IOException {}

    private int size;

    private void publish(int bytes) throws IOException {
        publish("v1.0.0", bytes);
    }

    private void publish(String version, int bytes) throws IOException {
        size = bytes;
        Path archive = folder.resolve("upload.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
            TarArchiveEntry entry = new TarArchiveEntry("page.html");
            entry.setSize(bytes);
            tar.putArchiveEntry(entry);
            byte[] noise = new byte[1 << 20];
            Random random = new Random(1);
            for (int i = 0; i < bytes; i += noise.length) {
                random.nextBytes(noise);
                tar.write(noise);
            }
            tar.closeArchiveEntry();
        }
        artifacts.put("/" + version + "/site.tar", Files.readAllBytes(archive));
        Files.createDirectories(folder.resolve("registry").resolve(version));
    }

    @AfterEach
    void stop() {
        artifacts.close();
    }

    @Test
    void theSecondHostTakesFromRedisWhatTheFirstOneDownloaded() throws Exception {
        publish(LARGE);
        int port = ServerProgram.freePort();
        try (ServerProgram unused = ServerProgram.start(
                folder, port, "redis-server", "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "")) {
            String cache = "redis://127.0.0.1:" + port + "/2";
            assertFetchedOnce(cache);
            assertThat(ask(port, "SELECT 2", "HGET dewy:{web}:cache:current host-2"))
                    .contains("v1.0.0--site.tar");
            String manifest = ask(port, "SELECT 2", "HGET dewy:{web}:cache:blobs v1.0.0--site.tar");
            String id = manifest.lines().skip(2).findFirst().orElseThrow().split(" ", 2)[0];
            ask(port, "SELECT 2", "HSET dewy:{web}:cache:content:" + id + " 1 poison");
            assertFetchedAnew(cache);
        }
    }

    @Test
    void theSecondHostTakesFromConsulWhatTheFirstOneDownloaded() throws Exception {
        publish(SMALL);
        int port = ServerProgram.freePort();
        try (ServerProgram unused = startConsul(folder, port)) {
            String cache = "consul://127.0.0.1:" + port + "/caches?max-size=200MB";
            assertFetchedOnce(cache);
            URI kv = URI.create("http://127.0.0.1:" + port + "/v1/kv/caches/web/cache/");
            HttpClient http = HttpClient.newHttpClient();
            HttpRequest keys =
                    HttpRequest.newBuilder(kv.resolve("content/?keys")).build();
            String chunk = http.send(keys, BodyHandlers.ofString()).body().split("\"", 3)[1];
            HttpRequest poison = HttpRequest.newBuilder(kv.resolve("/v1/kv/" + chunk))
                    .PUT(BodyPublishers.ofString("poison"))
                    .build();
            assertThat(http.send(poison, BodyHandlers.ofString()).body()).contains("true");
            assertFetchedAnew(cache);
        }
    }

    @Test
    void keepsAnArtifactInMemoryThatTheHeapHasNoRoomFor() throws Exception {
        publish(LARGE);
        try (AgentProcess agent = assets("host-1", "memory:?max-size=100MB")) {
            agent.await("Deployment completed");
            assertThat(site("host-1")).hasSize(size);
        }
        try (AgentProcess agent = assets("host-2", "memory:?max-size=50MB")) {
            assertThat(agent.await("Go on without the cache").getOrDefault("error", ""))
                    .contains("the cache may hold " + (50 << 20) + " (max-size)");
            agent.await("Deployment completed");
            assertThat(site("host-2")).hasSize(size);
        }
    }

    @Test
    void deploysWhileTheSharedCacheIsDownAndUsesItOnceItIsBack() throws Exception {
        publish(SMALL);
        int port = ServerProgram.freePort();
        String cache = "redis://127.0.0.1:" + port;
        try (AgentProcess agent = assets("host-1", cache)) {
            assertThat(agent.await("Go on without the cache").getOrDefault("error", ""))
                    .contains("127.0.0.1:" + port);
            agent.await("Deployment completed");
            assertThat(site("host-1")).hasSize(size);
            assertThat(agent.count("Deploy failure")).isZero();

            try (ServerProgram unused = ServerProgram.start(
                    folder,
                    port,
                    "redis-server",
                    "--port",
                    String.valueOf(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "")) {
                publish("v1.1.0", SMALL);
                agent.await("Cached artifact");
            }
        }
    }

    private void assertFetchedOnce(String cache) throws Exception {
        for (String host : List.of("host-1", "host-2")) {
            try (AgentProcess agent = assets(host, cache)) {
                agent.await("Deployment completed");
                assertThat(site(host)).hasSize(size);
            }
        }
        assertThat(artifacts.asked()).containsOnlyOnce("GET /v1.0.0/site.tar");
    }

    private void assertFetchedAnew(String cache) throws Exception {
        try (AgentProcess agent = assets("host-3", cache)) {
            assertThat(agent.await("Discard cached artifact").getOrDefault("reason", ""))
                    .contains("is damaged");
            agent.await("Deployment completed");
            assertThat(site("host-3")).hasSize(size);
            assertThat(agent.count("Deploy failure")).isZero();
        }
        assertThat(artifacts.asked()).filteredOn("GET /v1.0.0/site.tar"::equals).hasSize(2);
    }

    private Path site(String host) {
        return folder.resolve(host).resolve("web/current/page.html");
    }

    /** An app is known by the name of its folder. */
    private AgentProcess assets(String host, String cache) throws IOException {
        Path app = Files.createDirectories(folder.resolve(host).resolve("web"));
        List<String> arguments = new ArrayList<>(List.of("assets", "-i", "1", "-f", "json", "-l", "debug"));
        arguments.addAll(List.of("--registry", "file://" + folder.resolve("registry"), "--allow-http"));
        arguments.addAll(List.of("--artifact", artifacts.url("/{version}/site.tar"), "--cache", cache));
        arguments.addAll(List.of("-d", app.toString()));
        return AgentProcess.start(
                folder, List.of(SMALL_HEAP), Map.of("HOSTNAME", host), arguments.toArray(String[]::new));
    }

    static ServerProgram startConsul(Path place, int port) throws IOException {
        List<Integer> others = ServerProgram.freePorts(2);
        String[] arguments = {
            "agent",
            "-dev",
            "-bind=127.0.0.1",
            "-client=127.0.0.1",
            "-http-port=" + port,
            "-grpc-port=-1",
            "-dns-port=-1",
            "-server-port=" + others.get(0),
            "-serf-lan-port=" + others.get(1),
            "-serf-wan-port=-1"
        };
        return ServerProgram.start(place, port, "consul", arguments);
    }

    /** Sends commands to Redis, as a person would by telnet, and returns its answers. */
    private static String ask(int port, String... commands) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String lines = String.join("\r\n", Arrays.asList(commands)) + "\r\nQUIT\r\n";
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream answers = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            in.transferTo(answers);
            return answers.toString(StandardCharsets.UTF_8);
        }
    }
}
