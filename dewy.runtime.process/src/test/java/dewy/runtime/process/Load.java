package dewy.runtime.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that ask without a pause and never twice for the same; some keep their connection, some do not. */
final class Load implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final int port;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> generations = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    private Load(int port) {
        this.port = port;
    }

    static Load on(int port, int connectionPerRequest, int keepAlive) {
        Load load = new Load(port);
        for (int i = 0; i < connectionPerRequest; i++) {
            load.start(false);
        }
        for (int i = 0; i < keepAlive; i++) {
            load.start(true);
        }
        return load;
    }

    long answers() {
        return answers.get();
    }

    Queue<Exception> failures() {
        return failures;
    }

    /** Returns which generations answered. */
    Set<String> generations() {
        return generations;
    }

    @Override
    public void close() {
        over = true;
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    }

    private void start(boolean keepAlive) {
        Thread thread = new Thread(() -> ask(keepAlive));
        clients.add(thread);
        thread.start();
    }

    private void ask(boolean keepAlive) {
        while (!over) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                boolean open = true;
                while (open) {
                    boolean last = over || !keepAlive;
                    String request = "GET / HTTP/1.1\r\nHost: app\r\n" + (last ? "Connection: close\r\n" : "") + "\r\n";
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    open = readAnswer(in) && !last;
                }
            } catch (IOException e) {
                failures.add(e);
            }
        }
    }

    /** Reads an answer, and returns whether the connection stays open. */
    private boolean readAnswer(InputStream in) throws IOException {
        int length = 0;
        boolean open = true;
        String line = readLine(in);
        if (!line.equals("HTTP/1.1 200 OK")) {
            throw new IOException("not an answer: " + line);
        }
        for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length: ")) {
                length = Integer.parseInt(header.substring("content-length: ".length()));
            }
            open = open && !header.equals("connection: close");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("the answer was cut");
        }
        generations.add(new String(body, StandardCharsets.US_ASCII));
        answers.incrementAndGet();
        return open;
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection was closed after \"" + line + "\"");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
