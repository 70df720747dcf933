package dewy.proxy.caddy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import dewy.tck.ContainerEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A backend, which answers with its name; below {@code /slow} once it is told to. */
final class Greeter implements AutoCloseable {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch told = new CountDownLatch(1);

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Greeter(String name) throws IOException {
        this.name = name;
        server =
                HttpServer.create(new InetSocketAddress(ContainerEngine.shared().host(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.createContext("/slow", exchange -> {
            asked.countDown();
            await();
            answer(exchange);
        });
        server.start();
    }

    Backend backend() {
        InetSocketAddress address = server.getAddress();
        return Backend.of(name, new ListeningAddress(address.getAddress().getHostAddress(), address.getPort()));
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] body = name.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void await() {
        try {
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        told.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
