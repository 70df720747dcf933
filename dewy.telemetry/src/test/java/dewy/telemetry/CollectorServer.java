package dewy.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what is sent by OTLP over HTTP, and answers as it is told to. */
final class CollectorServer implements AutoCloseable {
    /** What was sent, each byte of the body as a character. */
    record Sent(String path, String type, String authorization, String body) {}

    private final HttpServer server;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    private CollectorServer(HttpServer server) {
        this.server = server;
    }

    static CollectorServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CollectorServer collector = new CollectorServer(server);
        server.createContext("/", collector::take);
        server.start();
        return collector;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void answer(int code) {
        status = code;
    }

    List<Sent> sent() {
        return sent;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            sent.add(new Sent(
                    exchange.getRequestURI().getPath(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1)));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
