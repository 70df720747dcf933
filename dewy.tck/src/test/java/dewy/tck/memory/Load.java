package dewy.tck.memory;

import dewy.tck.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** Clients that ask again and again, one request a connection, some of them for what takes a while; none may be lost. */
final class Load implements AutoCloseable {
    private static final List<String> PATHS = List.of("/", "/slow/5", "/slow/40");

    private final IntSupplier port;
    private final List<Thread> clients = new ArrayList<>();
    private final Map<String, Long> answers = new ConcurrentHashMap<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile boolean enough;

    private Load(IntSupplier port) {
        this.port = port;
    }

    static Load on(IntSupplier port) {
        Load load = new Load(port);
        for (String path : PATHS) {
            Thread client = new Thread(() -> load.ask(path), "client");
            client.setDaemon(true);
            load.clients.add(client);
            client.start();
        }
        return load;
    }

    /** Waits until a version has answered, or a request was lost, which is told at the end. */
    void awaitAnswerOf(String version) {
        Await.until("an answer of " + version, () -> answers.containsKey(version) || !lost.isEmpty());
    }

    /** Waits for the answers to what was asked, and returns what was lost. */
    List<String> end() throws InterruptedException {
        enough = true;
        for (Thread client : clients) {
            client.join();
        }
        return List.copyOf(lost);
    }

    /** Returns how many requests each version answered. */
    Map<String, Long> answers() {
        return Map.copyOf(answers);
    }

    long asked() {
        return asked.get();
    }

    @Override
    public void close() {
        enough = true;
    }

    private void ask(String path) {
        while (!enough) {
            asked.incrementAndGet();
            try {
                answers.merge(get(port.getAsInt(), path), 1L, Long::sum);
            } catch (IOException e) {
                lost.add("request " + asked.get() + " for " + path + ": " + e.getMessage());
            }
        }
    }

    private static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int body = answer.indexOf("\r\n\r\n");
            if (!answer.startsWith("HTTP/1.1 200 ") || body < 0) {
                throw new IOException("this is no answer: \"" + answer + "\"");
            }
            return answer.substring(body + 4);
        }
    }
}
