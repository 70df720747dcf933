package dewy.tck.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A web server that tells its version, gives back what it is sent, or the digest of that, gives what is large, and echoes the
 * messages of WebSockets. It ends no connection by itself, and all of them at once when it is closed or killed: that nobody
 * notices it is up to who sends its requests elsewhere before. Safe for use by several threads.
 */
public final class LoadServer implements AutoCloseable {
    static final String ECHO = "/echo";
    static final String DIGEST = "/digest";
    static final String LARGE = "/large";
    static final long LARGE_BYTES = 20L << 20;

    private static final int BACKLOG = 200;
    private static final int SMALL = 4 << 10;
    private static final int BUFFER = 64 << 10;

    private final String version;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LoadServer(String version, ServerSocket listener) {
        this.version = version;
        this.listener = listener;
    }

    /** Serves at a port of loopback; at a free one for 0. */
    public static LoadServer start(String version, int port) throws IOException {
        return start(version, InetAddress.getLoopbackAddress(), port);
    }

    /** Serves at a port of another address. */
    public static LoadServer start(String version, InetAddress address, int port) throws IOException {
        LoadServer server = new LoadServer(version, new ServerSocket(port, BACKLOG, address));
        start(server::accept);
        return server;
    }

    /**
     * Serves at the port that the variable {@code PORT} names, until it is ended.
     *
     * @param arguments a file with the version; then the address, where that is not loopback
     */
    public static void main(String[] arguments) throws Exception {
        String version = Files.readString(Path.of(arguments[0])).strip();
        InetAddress address =
                arguments.length > 1 ? InetAddress.getByName(arguments[1]) : InetAddress.getLoopbackAddress();
        LoadServer unused = start(version, address, Integer.parseInt(System.getenv("PORT")));
        Thread.currentThread().join();
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket client : open) {
            client.close();
        }
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "load-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            Reading in = new Reading(client.getInputStream());
            OutputStream out = new BufferedOutputStream(client.getOutputStream(), SMALL);
            HttpHead request = in.head();
            while (!request.isUpgrade()) {
                answer(request, in, out);
                out.flush();
                request = in.head();
            }
            echo(request, in, out);
        } catch (IOException e) {
            // The client has gone, or this was closed.
        } finally {
            open.remove(client);
        }
    }

    private void answer(HttpHead request, Reading in, OutputStream out) throws IOException {
        switch (request.subject()) {
            case ECHO -> answer(out, in.body(request));
            case DIGEST -> {
                MessageDigest digest = digest();
                in.body(request, (bytes, length) -> digest.update(bytes, 0, length));
                answer(out, ascii(HexFormat.of().formatHex(digest.digest())));
            }
            case LARGE -> {
                out.write(head(LARGE_BYTES));
                for (long sent = 0; sent < LARGE_BYTES; sent += BUFFER) {
                    Pattern.write(out, sent, BUFFER);
                }
            }
            default -> answer(out, ascii(version));
        }
    }

    private static void answer(OutputStream out, byte[] body) throws IOException {
        out.write(head(body.length));
        out.write(body);
    }

    private static byte[] head(long length) {
        return ascii("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
    }

    private static void echo(HttpHead request, Reading in, OutputStream out) throws IOException {
        out.write(ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Frame.accept(request.field("sec-websocket-key")) + "\r\n\r\n"));
        out.flush();
        Frame frame;
        do {
            frame = Frame.read(in);
            frame.write(out);
            out.flush();
        } while (frame.opcode() != Frame.CLOSE);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
