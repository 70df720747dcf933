package dewy.registry.gcs;

import dewy.bucket.ObjectServer;
import dewy.bucket.Relay.Answer;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server of GCS: fake-gcs-server. */
public final class GcsServer extends ObjectServer {
    /** Which it asks for as little as for anything else. */
    public static final String TOKEN = "this-must-not-be-seen";

    private static final Pattern NAME = Pattern.compile("\"name\": *\"([^\"]*)\"");
    private static @Nullable GcsServer shared;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private GcsServer(int port) {
        super(port);
    }

    /** Returns the server; without its program the test is skipped, or fails with CI=true. */
    public static synchronized GcsServer start() {
        GcsServer running = shared;
        if (running == null) {
            Path program = ServerProgram.require("fake-gcs-server");
            try {
                running = launch(program);
            } catch (IOException e) {
                throw new IllegalStateException("fake-gcs-server cannot be started", e);
            }
            shared = running;
        }
        return running;
    }

    private static GcsServer launch(Path program) throws IOException {
        int port = ServerProgram.freePort();
        launch(
                port,
                folder -> List.of(
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
                        "127.0.0.1:" + port));
        return new GcsServer(port);
    }

    /** Returns an answer as the JSON API refuses. */
    public static Answer refusal(int status, String reason, String message) {
        return Answer.of(
                        status,
                        "{\"error\":{\"code\":" + status + ",\"message\":\"" + message
                                + "\",\"errors\":[{\"message\":\"" + message
                                + "\",\"domain\":\"global\",\"reason\":\"" + reason + "\"}]}}")
                .with("content-type", "application/json; charset=UTF-8");
    }

    @Override
    public void createBucket(String bucket) {
        ask("POST", "/storage/v1/b?project=test", BodyPublishers.ofString("{\"name\":\"" + bucket + "\"}"));
    }

    @Override
    public void put(String bucket, String key, byte[] content) {
        ask("POST", upload(bucket, key), BodyPublishers.ofByteArray(content));
    }

    @Override
    public void put(String bucket, String key, Path file) throws IOException {
        ask("POST", upload(bucket, key), BodyPublishers.ofFile(file));
    }

    private static String upload(String bucket, String key) {
        return "/upload/storage/v1/b/" + bucket + "/o?uploadType=media&name=" + encoded(key);
    }

    @Override
    public void delete(String bucket, String key) {
        ask("DELETE", "/storage/v1/b/" + bucket + "/o/" + encoded(key), BodyPublishers.noBody());
    }

    @Override
    public List<String> keys(String bucket) {
        String list = ask("GET", "/storage/v1/b/" + bucket + "/o?fields=items(name)", BodyPublishers.noBody());
        return NAME.matcher(list)
                .results()
                .map((MatchResult one) -> one.group(1))
                .toList();
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String ask(String method, String target, BodyPublisher body) {
        URI uri = URI.create("http://127.0.0.1:" + port() + target);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, body)
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
