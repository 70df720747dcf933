package dewy.cache.memory;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/** Writes a blob into memory that is taken for it ahead, as far as its size is known. */
final class MemoryBlobWriter implements BlobWriter {
    private static final int PART = 64 << 10;

    private final Call call;
    private final Memory memory;
    private final String key;
    private final long expected;
    private final FileChannel content;
    private long taken;
    private long size;
    private boolean committed;

    MemoryBlobWriter(Call call, Memory memory, String key, long expected) throws DewyException {
        this.call = call;
        this.memory = memory;
        this.key = key;
        this.expected = expected;
        memory.take(key, expected, expected);
        this.taken = expected;
        try {
            this.content = memory.open();
        } catch (DewyException e) {
            memory.giveBack(expected);
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws DewyException {
        call.check();
        long after = size + length;
        if (after > taken) {
            memory.take(key, after - taken, after);
            taken = after;
        }
        try {
            ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
            while (rest.hasRemaining()) {
                content.write(rest, after - rest.remaining());
            }
        } catch (IOException e) {
            throw memory.failure(e);
        }
        size = after;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Digest digest(String algorithm) throws DewyException {
        MessageDigest calculation = Digest.calculation(algorithm);
        ByteBuffer part = ByteBuffer.allocate(PART);
        long done = 0;
        try {
            while (done < size) {
                call.check();
                part.clear().limit((int) Math.min(PART, size - done));
                done += content.read(part, done);
                calculation.update(part.flip());
            }
        } catch (IOException e) {
            throw memory.failure(e);
        }
        call.check();
        return Digest.of(calculation);
    }

    @Override
    public void reset() throws DewyException {
        try {
            content.truncate(0);
        } catch (IOException e) {
            throw memory.failure(e);
        }
        size = 0;
        shrink(expected);
    }

    @Override
    public Blob commit() throws DewyException {
        Blob blob = new Blob(key, size, digest("sha256"));
        shrink(size);
        committed = true;
        memory.put(new HeldBlob(blob, content));
        return blob;
    }

    @Override
    public void close() {
        if (!committed) {
            HeldBlob.close(content);
            shrink(0);
        }
    }

    private void shrink(long to) {
        if (taken > to) {
            memory.giveBack(taken - to);
            taken = to;
        }
    }
}
