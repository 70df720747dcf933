package dewy.notifier.slack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A stand-in for Slack's Web API on loopback: records what is posted, and answers as told, else that all is well. */
public final class SlackStandIn implements AutoCloseable {
    /** Answers one request in its own way. */
    @FunctionalInterface
    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    /** A request as it was received. */
    record Request(String path, String method, String authorization, String contentType, String body) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final AtomicInteger posted = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    public SlackStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/api";
    }

    void nextReply(Reply reply) {
        replies.add(reply);
    }

    public void nextAnswer(int status, String body) {
        nextAnswer(status, body, Map.of());
    }

    void nextAnswer(int status, String body, Map<String, String> headers) {
        replies.add(exchange -> answer(exchange, status, body, headers));
    }

    List<Request> requests() {
        return requests;
    }

    public List<String> bodies() {
        return requests.stream().map(Request::body).toList();
    }

    /** Returns the {@code ts} of the message taken as the {@code number}th, from 1. */
    static String ts(int number) {
        return "1700000000.%06d".formatted(number);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(
                exchange.getRequestURI().getPath(),
                exchange.getRequestMethod(),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                body));
        Reply reply = replies.poll();
        if (reply == null) {
            String ts = ts(posted.incrementAndGet());
            String answer = "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"" + ts
                    + "\",\"message\":{\"ts\":\"0.0\",\"attachments\":[{\"id\":1}]}}";
            answer(exchange, 200, answer, Map.of());
        } else {
            reply.to(exchange);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body, Map<String, String> headers)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
