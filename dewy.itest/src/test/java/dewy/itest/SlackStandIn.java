package dewy.itest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for Slack on loopback: takes messages to any channel, and numbers them in each; to some it gives no answer, or
 * none but a failure.
 */
final class SlackStandIn implements AutoCloseable {
    private static final Pattern CHANNEL = Pattern.compile("\"channel\":\"([^\"]*)\"");

    private final List<String> bodies = new ArrayList<>();
    private final Set<String> silent = new HashSet<>();
    private final Set<String> failing = new HashSet<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    SlackStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Returns the environment of an agent that is to find it. */
    Map<String, String> environment() {
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/api/";
        return Map.of("SLACK_API_URL", address, "SLACK_TOKEN", "xoxb-test", "HOSTNAME", "host-1");
    }

    synchronized void neverAnswers(String channel) {
        silent.add(channel);
    }

    synchronized void fails(String channel) {
        failing.add(channel);
    }

    /** Returns what was posted to a channel. */
    synchronized List<String> posted(String channel) {
        return bodies.stream().filter(body -> isTo(channel, body)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int number;
        boolean fails;
        boolean hangs;
        synchronized (this) {
            bodies.add(body);
            number = posted(channel(body)).size();
            fails = failing.stream().anyMatch(channel -> isTo(channel, body));
            hangs = silent.stream().anyMatch(channel -> isTo(channel, body));
        }
        if (hangs) {
            awaitClosed();
        }
        answer(
                exchange,
                fails ? 503 : 200,
                "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1700000000.%06d\"}".formatted(number));
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String channel(String body) {
        Matcher channel = CHANNEL.matcher(body);
        return channel.find() ? channel.group(1) : "";
    }

    private static boolean isTo(String channel, String body) {
        return body.contains("\"channel\":\"" + channel + "\"");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
