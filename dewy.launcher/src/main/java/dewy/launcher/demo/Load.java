package dewy.launcher.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Requests without pause, from clients that connect for each request and from clients that keep their connection. */
public final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;
    private final Duration pause;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicLong requests = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, Boolean> versions = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private Load(int port, Duration pause) {
        this.port = port;
        this.pause = pause;
    }

    /**
     * Starts clients.
     *
     * @param connecting how many clients connect for each request
     * @param keeping how many clients keep their connection
     * @param pause how long each client rests after a request
     */
    public static Load on(int port, int connecting, int keeping, Duration pause) {
        Load load = new Load(port, pause);
        for (int i = 0; i < connecting; i++) {
            load.start(load::connectForEach, "connecting-" + i);
        }
        for (int i = 0; i < keeping; i++) {
            load.start(load::keepConnection, "keeping-" + i);
        }
        return load;
    }

    public long requests() {
        return requests.get();
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    public boolean sawVersion(String version) {
        return versions.containsKey(version);
    }

    /** Waits until an answer came from that version. */
    public void awaitVersion(String version) throws InterruptedException {
        synchronized (versions) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!sawVersion(version)) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException("no answer from " + version + "; failures: " + failures());
                }
                versions.wait(left);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    private void start(Runnable client, String name) {
        Thread thread = new Thread(client, name);
        clients.add(thread);
        thread.start();
    }

    private void connectForEach() {
        while (!stopping) {
            try (Socket socket = connect()) {
                request(socket, reader(socket), true);
            } catch (IOException e) {
                failures.add("connecting: " + e);
            }
        }
    }

    private void keepConnection() {
        while (!stopping) {
            try (Socket socket = connect()) {
                BufferedReader in = reader(socket);
                boolean open = true;
                while (open) {
                    open = request(socket, in, stopping);
                }
            } catch (IOException e) {
                failures.add("keeping: " + e);
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Returns whether the connection stays open. */
    private boolean request(Socket socket, BufferedReader in, boolean close) throws IOException {
        OutputStream out = socket.getOutputStream();
        String head = "GET / HTTP/1.1\r\nHost: test\r\n" + (close ? "Connection: close\r\n" : "") + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        String status = in.readLine();
        if (status == null || !status.startsWith("HTTP/1.1 200")) {
            throw new IOException("answered " + status);
        }
        boolean closing = false;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            closing |= line.equalsIgnoreCase("Connection: close");
        }
        String body = in.readLine();
        if (body == null) {
            throw new IOException("the answer has no body");
        }
        requests.incrementAndGet();
        rest();
        note(body.substring(0, body.indexOf(' ')));
        return !closing;
    }

    private void rest() {
        if (!pause.isZero()) {
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private void note(String version) {
        if (versions.putIfAbsent(version, true) == null) {
            synchronized (versions) {
                versions.notifyAll();
            }
        }
    }
}
