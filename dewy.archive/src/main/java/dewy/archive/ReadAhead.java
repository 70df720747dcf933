package dewy.archive;

import dewy.api.CancelledException;
import dewy.api.Problem;
import dewy.archive.disk.CarriedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream ahead of its reader, on a thread of its own, so that one processor decodes while another writes. A failure
 * comes in its place, after all bytes before it. For one thread.
 */
final class ReadAhead extends InputStream {
    private static final int BLOCK = 64 << 10;
    private static final int AHEAD = 3;

    private final InputStream source;
    private final FutureTask<@Nullable Void> reading = new FutureTask<>(this::readAll);
    private final Thread thread = new Thread(reading, "dewy-read-ahead");

    /** The first that is not full is the last. */
    private final BlockingQueue<ByteBuffer> ready = new ArrayBlockingQueue<>(AHEAD);

    /** All that there are beside the one that is read: none is made later, where nobody would hear of it that there is no room. */
    private final BlockingQueue<ByteBuffer> used = new ArrayBlockingQueue<>(AHEAD + 2);

    private ByteBuffer current = ByteBuffer.allocate(BLOCK).position(BLOCK);

    private ReadAhead(InputStream source) {
        this.source = source;
        for (int i = 0; i <= AHEAD; i++) {
            used.add(ByteBuffer.allocate(BLOCK));
        }
    }

    /** @param source belongs to the stream from now on, and is closed with it */
    static ReadAhead of(InputStream source) {
        ReadAhead stream = new ReadAhead(source);
        stream.thread.setDaemon(true);
        stream.thread.start();
        return stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!current.hasRemaining()) {
                if (current.limit() < BLOCK) {
                    reading.get();
                    return -1;
                }
                used.add(current);
                current = ready.take();
            }
        } catch (ExecutionException failed) {
            throw failure(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CarriedException(
                    new CancelledException(new Problem("unpack", "", "the work was interrupted", ""), stopped));
        }
        int read = Math.min(length, current.remaining());
        current.get(target, offset, read);
        return read;
    }

    /** Once this returns, nobody uses what was read from. */
    @Override
    public void close() throws IOException {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        source.close();
    }

    private @Nullable Void readAll() throws IOException, InterruptedException {
        boolean more = true;
        while (more) {
            ByteBuffer block = used.take().clear();
            try {
                while (more && block.hasRemaining()) {
                    more = fill(block);
                }
            } finally {
                ready.put(block.flip());
            }
        }
        return null;
    }

    /** Returns whether there is more. */
    private boolean fill(ByteBuffer block) throws IOException {
        int read = source.read(block.array(), block.arrayOffset() + block.position(), block.remaining());
        block.position(block.position() + Math.max(read, 0));
        return read >= 0;
    }

    private static IOException failure(@Nullable Throwable cause) {
        if (cause instanceof Error fatal) {
            throw fatal;
        }
        if (cause instanceof RuntimeException broken) {
            throw broken;
        }
        return cause instanceof IOException expected ? expected : new IOException(cause);
    }
}
