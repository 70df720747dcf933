package dewy.registry.gcs;

import com.google.cloud.WriteChannel;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes a blob. What fits into one chunk is one object written at once; what does not is uploaded chunk by chunk as it comes,
 * so that no more than that is in memory. An upload that is not completed is no object, and GCS forgets it after a week. For
 * one thread.
 */
final class GcsBlobWriter implements BlobWriter {
    private static final String TRIED = "write to the cache";

    private final GcsCache cache;
    private final Bucket bucket;
    private final Call call;
    private final String key;
    private byte[] chunk = new byte[64 << 10];
    private int filled;
    private long size;
    private MessageDigest sha256 = Digest.calculation("sha256");
    private MessageDigest sha512 = Digest.calculation("sha512");
    private String objectKey;
    private Optional<WriteChannel> upload = Optional.empty();

    GcsBlobWriter(GcsCache cache, Call call, String key) {
        this.cache = cache;
        this.bucket = cache.bucket();
        this.call = call;
        this.key = key;
        this.objectKey = cache.newKey();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws DewyException {
        call.check();
        cache.requireRoom(key, size + length);
        sha256.update(bytes, offset, length);
        sha512.update(bytes, offset, length);
        size += length;
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == Bucket.CHUNK) {
                send(false);
            }
            int count = Math.min(left, Bucket.CHUNK - filled);
            grow(filled + count);
            System.arraycopy(bytes, at, chunk, filled, count);
            filled += count;
            at += count;
            left -= count;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Digest digest(String algorithm) throws DewyException {
        call.check();
        return switch (algorithm) {
            case "sha256" -> soFar(sha256);
            case "sha512" -> soFar(sha512);
            default -> throw new IllegalArgumentException("unknown digest algorithm: " + algorithm);
        };
    }

    @Override
    public void reset() throws DewyException {
        call.check();
        upload = Optional.empty();
        filled = 0;
        size = 0;
        sha256 = Digest.calculation("sha256");
        sha512 = Digest.calculation("sha512");
        objectKey = cache.newKey();
    }

    @Override
    public Blob commit() throws DewyException {
        call.check();
        if (upload.isPresent()) {
            send(true);
            upload = Optional.empty();
        } else {
            bucket.put(call, TRIED, objectKey, Arrays.copyOf(chunk, filled));
        }
        Blob blob = new Blob(key, size, soFar(sha256));
        cache.add(call, blob, objectKey);
        return blob;
    }

    /** To close the upload would complete it. */
    @Override
    public void close() {
        upload = Optional.empty();
        chunk = new byte[0];
    }

    private void send(boolean last) throws DewyException {
        if (upload.isEmpty()) {
            upload = Optional.of(bucket.begin(call, TRIED, objectKey));
        }
        bucket.chunk(call, TRIED, objectKey, upload.get(), ByteBuffer.wrap(chunk, 0, filled), last);
        filled = 0;
    }

    private void grow(int needed) {
        if (needed > chunk.length) {
            chunk = Arrays.copyOf(chunk, Math.min(Bucket.CHUNK, Math.max(needed, 2 * chunk.length)));
        }
    }

    private static Digest soFar(MessageDigest running) {
        try {
            return Digest.of((MessageDigest) running.clone());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java cannot go on with a digest", e);
        }
    }
}
