package dewy.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A backend that does on each connection what the test says, with a thread for each. */
public final class RawBackend implements AutoCloseable {
    private static final int EMPTY_LINE = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
    private final Talk talk;

    /** What is said on a connection, which is closed when this returns. */
    public interface Talk {
        void with(Socket client) throws IOException;
    }

    public RawBackend(Talk talk) throws IOException {
        this.talk = talk;
        start(this::accept);
    }

    /** Answers each request that has a header section alone with the same bytes. */
    public static RawBackend answering(String response) throws IOException {
        return new RawBackend(client -> {
            while (!readHead(client.getInputStream()).isEmpty()) {
                write(client, response);
            }
        });
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "backend");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                open.add(client);
                connections.incrementAndGet();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            talk.with(client);
        } catch (IOException e) {
            // The test sees what comes of it.
        } catch (AssertionError e) {
            failure.compareAndSet(null, e);
        }
        open.remove(client);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Returns how many connections were accepted. */
    public int connections() {
        return connections.get();
    }

    /** Returns how many connections are open. */
    public int open() {
        return open.size();
    }

    /** Reads a header section with its empty line; empty at the end. */
    public static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int lastFour = 0;
        while (lastFour != EMPTY_LINE) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            head.write(c);
            lastFour = lastFour << 8 | c;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    public static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    public static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    public static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Closes all, and tells what was not as the test expects it. */
    @Override
    public void close() {
        try {
            listener.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AssertionError unexpected = failure.get();
        if (unexpected != null) {
            throw unexpected;
        }
    }
}
