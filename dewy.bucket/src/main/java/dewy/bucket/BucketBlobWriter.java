package dewy.bucket;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes a blob. What fits into one part is one object written at once; what does not is uploaded part by part as it comes, so
 * that no more than one part is in memory. For one thread.
 */
final class BucketBlobWriter implements BlobWriter {
    private static final String TRIED = "write to the cache";

    private final BucketCache cache;
    private final Bucket bucket;
    private final Call call;
    private final String key;
    private final Bucket.Parts parts;
    private byte[] part = new byte[64 << 10];
    private int filled;
    private long size;
    private MessageDigest sha256 = Digest.calculation("sha256");
    private MessageDigest sha512 = Digest.calculation("sha512");
    private String objectKey;
    private Optional<Bucket.Upload> upload = Optional.empty();
    private int uploaded;

    BucketBlobWriter(BucketCache cache, Call call, String key, long expectedSize) {
        this.cache = cache;
        this.bucket = cache.bucket();
        this.call = call;
        this.key = key;
        this.parts = bucket.parts(expectedSize);
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
            if (filled == parts.size()) {
                send();
            }
            int count = Math.min(left, parts.size() - filled);
            grow(filled + count);
            System.arraycopy(bytes, at, part, filled, count);
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
        abort();
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
            requirePart();
            upload.get().complete(part, filled);
            upload = Optional.empty();
        } else {
            bucket.put(call, TRIED, objectKey, Arrays.copyOf(part, filled));
        }
        Blob blob = new Blob(key, size, soFar(sha256));
        cache.add(call, blob, objectKey);
        return blob;
    }

    @Override
    public void close() {
        abort();
        part = new byte[0];
    }

    private void send() throws DewyException {
        if (upload.isEmpty()) {
            upload = Optional.of(bucket.upload(call, TRIED, objectKey));
        }
        requirePart();
        upload.get().part(part, filled);
        uploaded++;
        filled = 0;
    }

    private void requirePart() throws StorageException {
        if (uploaded == parts.most()) {
            throw new StorageException(Problem.of(
                    TRIED,
                    key,
                    bucket.service() + " takes " + parts.most() + " parts, which are " + parts.size()
                            + " bytes where the size is not known before",
                    "Have the registry tell its size"));
        }
    }

    private void abort() {
        Optional<Bucket.Upload> begun = upload;
        upload = Optional.empty();
        uploaded = 0;
        begun.ifPresent(one -> BucketCache.tidy(one::abort));
    }

    private void grow(int needed) {
        if (needed > part.length) {
            part = Arrays.copyOf(part, Math.min(parts.size(), Math.max(needed, 2 * part.length)));
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
