package dewy.keyvalue;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.security.MessageDigest;
import java.util.Arrays;

/** Writes a blob in chunks of the size that a server takes, of which it holds one at a time. */
public final class ChunkedWriter implements BlobWriter {
    /** The chunks of a blob that is being written, which nobody finds before it is committed. For one thread. */
    public interface Upload extends ChunkedContent.Chunks, AutoCloseable {
        /**
         * Has other blobs make room.
         *
         * @param size that of the whole blob, as far as it is known
         * @throws dewy.api.StorageException if there is none; nothing was removed then
         */
        void makeRoom(long size) throws DewyException;

        /** Adds the next chunk. */
        void write(long number, byte[] chunk) throws DewyException;

        /** Forgets the chunks. */
        void clear() throws DewyException;

        /** Makes the chunks a blob, in place of one that had its key. */
        void commit(Blob blob, long chunks) throws DewyException;

        /** Removes what was not committed, as far as that can be asked for, and ends the connection. */
        @Override
        void close();
    }

    private final Call call;
    private final String key;
    private final Upload upload;
    private final long maxSize;
    private final byte[] chunk;
    private MessageDigest digest = Digest.calculation("sha256");
    private int filled;
    private long chunks;
    private long size;
    private long roomFor;

    /** Creates a writer that owns an upload, for which there is room for {@code roomFor} bytes. */
    public ChunkedWriter(Call call, String key, Upload upload, Capacity capacity, int chunk, long roomFor) {
        this.call = call;
        this.key = key;
        this.upload = upload;
        this.maxSize = capacity.bytes();
        this.chunk = new byte[chunk];
        this.roomFor = roomFor;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws DewyException {
        call.check();
        if (size + length > maxSize) {
            upload.makeRoom(size + length); // It says that there can be none.
        }
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, chunk.length - filled);
            System.arraycopy(bytes, offset + done, chunk, filled, part);
            digest.update(bytes, offset + done, part);
            filled += part;
            done += part;
            size += part;
            if (filled == chunk.length) {
                send();
            }
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Digest digest(String algorithm) throws DewyException {
        call.check();
        return algorithm.equals("sha256") ? Digest.soFar(digest) : again(algorithm);
    }

    @Override
    public void reset() throws DewyException {
        upload.clear();
        digest = Digest.calculation("sha256");
        filled = 0;
        chunks = 0;
        size = 0;
    }

    @Override
    public Blob commit() throws DewyException {
        if (filled > 0) {
            send();
        }
        Blob blob = new Blob(key, size, digest("sha256"));
        upload.commit(blob, chunks);
        return blob;
    }

    @Override
    public void close() {
        upload.close();
    }

    private void send() throws DewyException {
        if (size > roomFor) {
            upload.makeRoom(size);
            roomFor = size;
        }
        upload.write(chunks, Arrays.copyOf(chunk, filled));
        chunks++;
        filled = 0;
    }

    /** Calculates what is hardly ever asked for, from what was sent. */
    private Digest again(String algorithm) throws DewyException {
        MessageDigest calculation = Digest.calculation(algorithm);
        for (long i = 0; i < chunks; i++) {
            upload.read(i).ifPresent(calculation::update);
        }
        calculation.update(chunk, 0, filled);
        return Digest.of(calculation);
    }
}
