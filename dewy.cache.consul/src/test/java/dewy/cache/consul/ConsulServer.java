package dewy.cache.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Consul of one server, which asks for a token, with one that may do what {@code docs/urls.md} says and no more. */
final class ConsulServer implements AutoCloseable {
    private static final String MASTER = "6b0c8b6e-3f6f-4f0e-9f42-0d3c5b1d2a10";
    private static final String POLICY =
            """
            key_prefix "dewy/" { policy = "write" }
            session_prefix "" { policy = "write" }
            """;

    private final ServerProgram program;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private String token = MASTER;

    private ConsulServer(ServerProgram program, int port) {
        this.program = program;
        this.port = port;
    }

    static ConsulServer start(Path folder, String... options) throws Exception {
        List<Integer> ports = ServerProgram.freePorts(3);
        int port = ports.get(0);
        Path config = Files.writeString(
                folder.resolve("acl.json"),
                """
                {"acl": {"enabled": true, "default_policy": "deny", "tokens": {"master": "%s"}},
                 "ports": {"http": %d, "dns": -1, "grpc": -1, "server": %d, "serf_lan": %d, "serf_wan": -1}}
                """
                        .formatted(MASTER, port, ports.get(1), ports.get(2)));
        List<String> arguments = new ArrayList<>(List.of("agent", "-dev", "-bind=127.0.0.1", "-client=127.0.0.1"));
        arguments.add("-config-file=" + config);
        arguments.addAll(List.of(options));
        ConsulServer server =
                new ConsulServer(ServerProgram.start(folder, port, "consul", arguments.toArray(String[]::new)), port);
        server.makeToken();
        return server;
    }

    private void makeToken() throws Exception {
        JsonObject policy = new JsonObject();
        policy.addProperty("Name", "dewy");
        policy.addProperty("Rules", POLICY);
        // Soon after the start it has no leader yet.
        for (int i = 0; ; i++) {
            HttpResponse<byte[]> made =
                    send("PUT", "/v1/acl/policy", policy.toString().getBytes(UTF_8));
            if (made.statusCode() == 200) {
                break;
            }
            if (i > 300) {
                throw new IOException(new String(made.body(), UTF_8) + "\n" + program.output());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        byte[] answer = ask("PUT", "/v1/acl/token", "{\"Policies\": [{\"Name\": \"dewy\"}]}".getBytes(UTF_8));
        token = JsonParser.parseString(new String(answer, UTF_8))
                .getAsJsonObject()
                .get("SecretID")
                .getAsString();
    }

    int port() {
        return port;
    }

    ServerProgram program() {
        return program;
    }

    /** Returns the token of Dewy. */
    String token() {
        return token;
    }

    /** Asks it as one who may do everything. */
    byte[] ask(String method, String path, byte[] body) throws IOException {
        HttpResponse<byte[]> answer = send(method, path, body);
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + new String(answer.body(), UTF_8));
        }
        return answer.body();
    }

    byte[] get(String path) throws IOException {
        return ask("GET", path, new byte[0]);
    }

    HttpResponse<byte[]> send(String method, String path, byte[] body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .header("X-Consul-Token", MASTER)
                .build();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
