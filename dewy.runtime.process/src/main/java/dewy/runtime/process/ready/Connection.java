package dewy.runtime.process.ready;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection that lasts a short time, whatever the other side does. It may be closed by any thread; else for one. */
final class Connection implements AutoCloseable {
    private final Socket socket = new Socket();
    private final long deadline;
    private int sent;

    /** Describes a connection that is not made yet. */
    Connection(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    void connect(Address address) throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new IOException("its name is unknown");
        }
        socket.connect(resolved, millisLeft());
    }

    InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    InetSocketAddress remote() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    boolean isOver() {
        return System.nanoTime() - deadline >= 0;
    }

    /** Sends what has not been sent yet of the first bytes of a question, so many of them. */
    void send(byte[] question, int length) throws IOException {
        if (length > sent) {
            socket.getOutputStream().write(question, sent, length - sent);
            sent = length;
        }
    }

    /** Reads a line, without its end; what the other side sends more is left. */
    String readLine(int longest) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        int next = 0;
        while (next != '\n' && next >= 0 && line.size() < longest) {
            socket.setSoTimeout(millisLeft());
            next = in.read();
            if (next >= 0) {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    /** Returns whether the other side leaves it open for so long, or says something. */
    boolean staysOpen(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // There is nothing left to be released.
        }
    }

    private int millisLeft() throws SocketTimeoutException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) left;
    }
}
