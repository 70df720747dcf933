package dewy.keyvalue;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What a blob holds, one chunk after the other. For one thread. */
public final class ChunkedContent extends InputStream {
    /** The parts of one blob, counted from 0. */
    @FunctionalInterface
    public interface Chunks {
        /** Returns a chunk; empty when it is not there any more. */
        Optional<byte[]> read(long number) throws DewyException;
    }

    private final Manifest manifest;
    private final Chunks chunks;
    private long next;
    private byte[] chunk = {};
    private int position;

    public ChunkedContent(Manifest manifest, Chunks chunks) {
        this.manifest = manifest;
        this.chunks = chunks;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (position == chunk.length) {
            if (next == manifest.chunks()) {
                return -1;
            }
            chunk = fetch(next++);
            position = 0;
        }
        int got = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, bytes, offset, got);
        position += got;
        return got;
    }

    private byte[] fetch(long number) throws IOException {
        try {
            return chunks.read(number)
                    .orElseThrow(() -> new NotFoundException(Problem.of(
                            "read from the cache",
                            manifest.blob().key(),
                            "it was deleted, or another one has taken its place, while it was read",
                            "")));
        } catch (DewyException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
