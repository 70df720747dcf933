package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a blob to a temporary file, and gives it its name at the end. Its digest is that of the file, from which it is
 * calculated once.
 *
 * <p>The bytes are copied even where they come from a file beside the cache. A hard link would be changed together with the
 * publisher's file, under the eyes of whoever unpacks it, and would make that file read-only too; a clone is nothing that
 * Java 17 can ask the system for, and the copy is the smaller part of the time.
 */
final class FileBlobWriter implements BlobWriter {
    private static final String TRIED = "write to the cache";

    private final Call call;
    private final BlobStore store;
    private final Verified verified;
    private final String key;
    private final TempFile temp;
    private final FileDigests calculation;
    /** Of what was written, by algorithm. */
    private final Map<String, Digest> digests = new HashMap<>();

    private long size;
    private long roomFor;
    private boolean broken;

    /** Creates a writer that owns {@code temp}. */
    FileBlobWriter(Call call, BlobStore store, Verified verified, FileDigests calculation, String key, TempFile temp) {
        this.call = call;
        this.store = store;
        this.verified = verified;
        this.calculation = calculation;
        this.key = key;
        this.temp = temp;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws DewyException {
        call.check();
        broken = true;
        digests.clear();
        if (size + length > roomFor) {
            roomFor = store.makeRoom(call, key, size + length);
        }
        writeToFile(ByteBuffer.wrap(bytes, offset, length));
        size += length;
        broken = false;
    }

    @Override
    public long size() {
        return size;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if a write failed since the last {@link #reset}
     */
    @Override
    public Digest digest(String algorithm) throws DewyException {
        requireWhole();
        call.check();
        Digest known = digests.get(algorithm);
        if (known != null) {
            return known;
        }
        try {
            // It has to be on the disk before it is committed, and the disk is idle while a program calculates.
            FileDigests.Meanwhile force = () -> temp.channel().force(false);
            Digest digest = calculation.of(call, temp.path(), temp.channel(), algorithm, force);
            digests.put(algorithm, digest);
            return digest;
        } catch (IOException e) {
            throw store.failure(TRIED, e);
        }
    }

    @Override
    public void reset() throws DewyException {
        try {
            temp.channel().truncate(0);
        } catch (IOException e) {
            throw store.failure(TRIED, e);
        }
        digests.clear();
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
        Blob blob = new Blob(key, size, digest("sha256"));
        CacheFolder.Held held = store.install(call, blob, temp);
        verified.remember(held.file(), held.stamp(), held.blob().digest());
        close();
        return held.blob();
    }

    @Override
    public void close() {
        temp.close();
    }

    private void requireWhole() {
        if (broken) {
            throw new IllegalStateException("a write of " + key + " failed, so that there is nothing to commit");
        }
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
