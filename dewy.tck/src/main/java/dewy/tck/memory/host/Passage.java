package dewy.tck.memory.host;

import dewy.api.route.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.Executor;

/** One connection on its way to a backend. */
final class Passage {
    private static final int CONNECT_MILLIS = 2_000;

    private final Backend backend;
    private final Socket client;
    private final long entered = System.nanoTime();
    private Optional<Socket> server = Optional.empty();
    private boolean cut;

    Passage(Backend backend, Socket client) {
        this.backend = backend;
        this.client = client;
    }

    Backend backend() {
        return backend;
    }

    /** Returns when it was made, on the clock of {@link System#nanoTime}. */
    long entered() {
        return entered;
    }

    /** Returns the connection to the backend; empty when there is none to be had, so that nothing was lost yet. */
    Optional<Socket> connect() {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(
                            backend.address().host(), backend.address().port()),
                    CONNECT_MILLIS);
            attach(socket);
            return Optional.of(socket);
        } catch (IOException e) {
            close(socket);
            return Optional.empty();
        }
    }

    /** Relays both ways until the backend has said everything; returns whether it answered. */
    boolean relay(Socket to, Executor threads) {
        threads.execute(() -> sendRequest(to));
        long length = 0;
        byte[] block = new byte[8192];
        try (to) {
            InputStream in = to.getInputStream();
            for (int got = in.read(block); got >= 0; got = in.read(block)) {
                length += got;
                if (!send(block, got)) {
                    return true; // It is the client that has gone.
                }
            }
            return length > 0 && !isCut();
        } catch (IOException e) {
            return false;
        }
    }

    synchronized void cut() {
        cut = true;
        close(client);
        server.ifPresent(Passage::close);
    }

    synchronized boolean isCut() {
        return cut;
    }

    private synchronized void attach(Socket socket) throws IOException {
        server = Optional.of(socket);
        if (cut) {
            throw new IOException("it was cut meanwhile");
        }
    }

    private boolean send(byte[] block, int length) {
        try {
            client.getOutputStream().write(block, 0, length);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void sendRequest(Socket to) {
        try {
            client.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of the two ends is closed, which the other direction notices as well.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // There is nothing left to be done about it.
        }
    }
}
