package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Writes a blob to a temporary file, calculates its digest on the way, and gives it its name at the end. */
final class FileBlobWriter implements BlobWriter {
    private static final String TRIED = "write to the cache";

    private final Call call;
    private final BlobStore store;
    private final Verified verified;
    private final String key;
    private final TempFile temp;
    private final MessageDigest digest = Digest.calculation("sha256");
    private long size;
    private long roomFor;
    private boolean broken;

    /** Creates a writer that owns {@code temp}. */
    FileBlobWriter(Call call, BlobStore store, Verified verified, String key, TempFile temp) {
        this.call = call;
        this.store = store;
        this.verified = verified;
        this.key = key;
        this.temp = temp;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws DewyException {
        call.check();
        broken = true;
        if (size + length > roomFor) {
            roomFor = store.makeRoom(call, key, size + length);
        }
        writeToFile(ByteBuffer.wrap(bytes, offset, length));
        digest.update(bytes, offset, length);
        size += length;
        broken = false;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void reset() throws DewyException {
        try {
            temp.channel().truncate(0);
        } catch (IOException e) {
            throw store.failure(TRIED, e);
        }
        digest.reset();
        size = 0;
        broken = false;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if a write failed since the last {@link #reset}
     */
    @Override
    public Blob commit() throws DewyException {
        if (broken) {
            throw new IllegalStateException("a write of " + key + " failed, so that there is nothing to commit");
        }
        call.check();
        CacheFolder.Held held = store.install(call, new Blob(key, size, Digest.of(digest)), temp);
        // The digest is that of what was written, so that the file need not be read to know it.
        verified.remember(held.file(), held.stamp(), held.blob().digest());
        close();
        return held.blob();
    }

    @Override
    public void close() {
        temp.close();
    }

    private void writeToFile(ByteBuffer bytes) throws DewyException {
        while (bytes.hasRemaining()) {
            try {
                temp.channel().write(bytes);
            } catch (IOException e) {
                if (!store.makeRoomOnDisk(call, key, bytes.remaining())) {
                    throw store.failure(TRIED, e);
                }
            }
        }
    }
}
