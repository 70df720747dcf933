package dewy.registry.gcs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dewy.tck.ServerProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server of GCS in a process of its own, which all tests of a JVM share, each with its bucket: fake-gcs-server. */
public final class GcsServer {
    /** Which it asks for as little as for anything else. */
    public static final String TOKEN = "this-must-not-be-seen";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("\"name\": *\"([^\"]*)\"");
    private static @Nullable GcsServer shared;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    private GcsServer(int port) {
        this.port = port;
    }

    /** Returns the server, which ends with this JVM; without its program the test is skipped, or fails with CI=true. */
    public static synchronized GcsServer start() {
        GcsServer running = shared;
        if (running == null) {
            Path program = servers().resolve("fake-gcs-server");
            require(Files.exists(program), "there is no " + program + "; .ci/install-servers installs it");
            try {
                running = launch(program);
            } catch (Exception e) {
                throw new IllegalStateException("fake-gcs-server cannot be started", e);
            }
            shared = running;
        }
        return running;
    }

    /** Returns the folder with the servers that tests start. */
    private static Path servers() {
        String named = System.getenv("DEWY_TEST_SERVERS");
        return named == null ? Path.of(System.getProperty("user.home"), ".cache/dewy-servers/bin") : Path.of(named);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(condition, otherwise);
    }

    private static GcsServer launch(Path program) throws Exception {
        int port = ServerProgram.freePort();
        Path log = Files.createTempFile("dewy-gcs", ".log");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "-scheme",
                        "http",
                        "-host",
                        "127.0.0.1",
                        "-port",
                        "" + port,
                        "-backend",
                        "memory",
                        "-public-host",
                        "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        long end = System.nanoTime() + START.toNanos();
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException(Files.readString(log));
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return new GcsServer(port);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public void createBucket(String bucket) {
        ask("POST", "/storage/v1/b?project=test", ("{\"name\":\"" + bucket + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    public void put(String bucket, String key, byte[] content) {
        ask("POST", "/upload/storage/v1/b/" + bucket + "/o?uploadType=media&name=" + encoded(key), content);
    }

    public void delete(String bucket, String key) {
        ask("DELETE", "/storage/v1/b/" + bucket + "/o/" + encoded(key), new byte[0]);
    }

    /** Returns the names of all objects of a bucket. */
    public List<String> keys(String bucket) {
        String list = ask("GET", "/storage/v1/b/" + bucket + "/o?fields=items(name)", new byte[0]);
        return NAME.matcher(list)
                .results()
                .map((MatchResult one) -> one.group(1))
                .toList();
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String ask(String method, String target, byte[] body) {
        URI uri = URI.create("http://127.0.0.1:" + port + target);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.ofByteArray(body))
                .timeout(Duration.ofSeconds(60))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(method + " " + uri + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + uri, e);
        }
    }
}
