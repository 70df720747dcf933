package dewy.tck;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A web server that answers with its name: at once, or below {@code /slow} when it is told to. */
final class TestBackend implements AutoCloseable {
    private static final String SLOW = "/slow";

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile boolean breaks;

    private TestBackend(String name, InetAddress address) throws IOException {
        this.name = name;
        this.server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.createContext(SLOW, exchange -> {
            asked.countDown();
            await(told);
            answer(exchange);
        });
    }

    static TestBackend start(String name, InetAddress address) throws IOException {
        TestBackend backend = new TestBackend(name, address);
        backend.server.start();
        return backend;
    }

    String name() {
        return name;
    }

    Backend backend() {
        return Backend.of(
                name,
                new ListeningAddress(
                        server.getAddress().getAddress().getHostAddress(),
                        server.getAddress().getPort()));
    }

    /** Asks, by a port, for what is answered only when it is told to. */
    String slow(int port) throws IOException {
        return get(port, SLOW);
    }

    void awaitSlow() {
        await(asked);
    }

    void answerSlow() {
        told.countDown();
    }

    /** Has what is asked from now on be broken off, with nothing answered. */
    void breakOff() {
        breaks = true;
    }

    /** Makes one request with a connection of its own, and returns the body of the answer. */
    static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Calls.PLENTY.multipliedBy(2).toMillis());
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = read(socket.getInputStream());
            int body = answer.indexOf("\r\n\r\n");
            if (!answer.startsWith("HTTP/1.1 200 ") || body < 0) {
                throw new IOException("this is no answer: \"" + answer + "\"");
            }
            return answer.substring(body + 4);
        }
    }

    @Override
    public void close() {
        told.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (breaks) {
            exchange.close();
            return;
        }
        byte[] body = name.getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
