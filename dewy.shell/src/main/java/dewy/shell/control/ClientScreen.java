package dewy.shell.control;

import dewy.shell.command.Screen;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Shows things to a client. Nothing is kept for one that reads slowly: whoever writes waits. That a client has hung up is
 * noticed when writing, and within a fifth of a second while pausing.
 */
final class ClientScreen implements Screen {
    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int DISCARDED = 256;

    private final SocketChannel client;
    private final Response response;

    ClientScreen(SocketChannel client) {
        this.client = client;
        this.response = new Response(Channels.newOutputStream(client));
    }

    @Override
    public void write(String text) throws IOException {
        output().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a stream for those that write bytes. */
    OutputStream output() {
        return response.output();
    }

    @Override
    public void live() throws IOException {
        response.live();
    }

    @Override
    public boolean pause(Duration length) throws IOException {
        long end = System.nanoTime() + length.toNanos();
        try {
            for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, LONGEST_NAP));
                if (hasHungUp()) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void exit(int code) throws IOException {
        response.exit(code);
    }

    /** A client says nothing after its request: what can be read without waiting is its end. */
    private boolean hasHungUp() throws IOException {
        client.configureBlocking(false);
        try {
            return client.read(ByteBuffer.allocate(DISCARDED)) < 0;
        } finally {
            client.configureBlocking(true);
        }
    }
}
