package dewy.itest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The pages of the dashboard, with an agent that always says the same: four apps, one of which has trouble, at night. */
final class DashboardStandIn implements AutoCloseable {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");

    private static final int BEAT_SECONDS = 5;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path pages = Path.of(System.getProperty("dewy.root"), "dewy.admin/src/main/resources/dewy/admin");
    private final JsonNode said;

    private DashboardStandIn(HttpServer server, JsonNode said) {
        this.server = server;
        this.said = said;
    }

    static DashboardStandIn start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        DashboardStandIn standIn =
                new DashboardStandIn(server, new ObjectMapper().readTree(Registry.resource("dashboard.json")));
        server.setExecutor(standIn.threads);
        server.createContext("/", standIn::page);
        server.createContext("/api/", standIn::answer);
        server.createContext("/api/events", standIn::events);
        server.start();
        return standIn;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void page(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(1);
        String file = name.isEmpty() ? "index.html" : name;
        write(
                exchange,
                200,
                TYPES.getOrDefault(file.replaceFirst(".*\\.", ""), "text/plain"),
                Files.readAllBytes(pages.resolve(file)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode answer = said.path("answers").path(exchange.getRequestURI().getPath());
        byte[] body = (answer.isMissingNode() ? "{}" : answer.toString()).getBytes(StandardCharsets.UTF_8);
        write(exchange, answer.isMissingNode() ? 404 : 200, "application/json", body);
    }

    /** They never end, which is said now and then. */
    private void events(HttpExchange exchange) throws IOException {
        StringBuilder text = new StringBuilder();
        said.path("events").forEach(event -> text.append("data: ").append(event).append("\n\n"));
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                TimeUnit.SECONDS.sleep(BEAT_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(HttpExchange exchange, int status, String type, byte[] body) {
        try (exchange) {
            exchange.getResponseHeaders().set("content-type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
