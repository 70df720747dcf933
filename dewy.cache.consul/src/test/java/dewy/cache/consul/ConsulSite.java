package dewy.cache.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dewy.tck.TcpRelay;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one test uses of a server that others use as well: keys of its own, and a relay in between. */
final class ConsulSite implements AutoCloseable {
    /** What somebody wrote where it is not to be. */
    static final String SECRET = "s3cr3t-in-the-url";

    private static final Pattern RENEWAL = Pattern.compile("/v1/session/renew/([0-9a-f-]+)");

    private final Path folder;
    private final ConsulServer server;
    private final TcpRelay relay;
    private final String prefix = "dewy/" + UUID.randomUUID();
    /** How old sessions are, by the time of the test. */
    private final Map<String, Duration> ages = new HashMap<>();

    private int port;

    ConsulSite(Path folder, ConsulServer server) throws IOException {
        this.folder = folder;
        this.server = server;
        this.relay = new TcpRelay(server.port());
        this.port = relay.port();
        relay.onRequest(this::noteRenewal);
        Files.writeString(folder.resolve("token"), server.token());
    }

    TcpRelay relay() {
        return relay;
    }

    String url() {
        return "consul://127.0.0.1:" + port + "/" + prefix + "?token=file:" + folder.resolve("token");
    }

    /** Returns the name of a key of the app {@code web}. */
    String key(String name) {
        return prefix + "/web/" + name;
    }

    void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> relay.close();
            case HANGING -> relay.hang();
            case REFUSING -> Files.writeString(folder.resolve("token"), "7c0c8b6e-3f6f-4f0e-9f42-0d3c5b1d2a10");
            case BREAKING_OFF -> relay.breakOffAfter("/v1/txn");
            case LYING -> port = webServer();
            default -> throw new AssertionError(trouble);
        }
    }

    private synchronized void noteRenewal(String request) {
        Matcher renewal = RENEWAL.matcher(request);
        if (renewal.find()) {
            ages.remove(renewal.group(1));
        }
    }

    /** Ends the sessions that would have ended if so much time had passed. */
    synchronized void advance(Duration time) throws IOException {
        String sessions = new String(server.get("/v1/session/list"), UTF_8);
        for (JsonElement each : JsonParser.parseString(sessions).getAsJsonArray()) {
            JsonObject session = each.getAsJsonObject();
            String id = session.get("ID").getAsString();
            Duration ttl = Duration.parse("PT" + session.get("TTL").getAsString());
            Duration age = ages.merge(id, time, Duration::plus);
            if (age.compareTo(ttl) >= 0) {
                server.ask("PUT", "/v1/session/destroy/" + id, new byte[0]);
                ages.remove(id);
            }
        }
    }

    static List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("consul:"),
                WrongUrl.of("consul://127.0.0.1:99999"),
                WrongUrl.of("consul://127.0.0.1/a//b"),
                WrongUrl.of("consul://127.0.0.1/../b?tls=maybe", "tls"),
                WrongUrl.of("consul://consul.example.com", "tls"),
                WrongUrl.of("consul://x:" + SECRET + "@127.0.0.1"),
                WrongUrl.of("consul://127.0.0.1?token=" + SECRET, "token"),
                WrongUrl.of("consul://consul.example.com?tls=true&ca=/none.pem&key=/none.pem", "ca", "key"));
    }

    /** Returns the port of what is no Consul. */
    private static int webServer() throws IOException {
        ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try (socket) {
                while (true) {
                    try (Socket client = socket.accept()) {
                        client.getInputStream().read(new byte[4_096]);
                        String page = "<html>404</html>";
                        String answer =
                                "HTTP/1.1 404 Not Found\r\nContent-Length: " + page.length() + "\r\n\r\n" + page;
                        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        relay.close();
    }
}
