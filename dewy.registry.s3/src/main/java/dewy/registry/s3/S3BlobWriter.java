package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Writes a blob. What fits into one part is one object written at once; what does not is uploaded part by part as it comes, so
 * that no more than one part is in memory. For one thread.
 */
final class S3BlobWriter implements BlobWriter {
    /** S3 takes no smaller ones, and no more of them. */
    static final int LEAST_PART = 5 << 20;

    static final int MOST_PARTS = 10_000;

    private static final String TRIED = "write to the cache";

    private final S3Cache cache;
    private final Bucket bucket;
    private final Call call;
    private final String key;
    private final int partSize;
    private byte[] part = new byte[64 << 10];
    private int filled;
    private long size;
    private MessageDigest sha256 = Digest.calculation("sha256");
    private MessageDigest sha512 = Digest.calculation("sha512");
    private String objectKey;
    private Optional<String> upload = Optional.empty();
    private final List<CompletedPart> parts = new ArrayList<>();

    S3BlobWriter(S3Cache cache, Call call, String key, long expectedSize) {
        this.cache = cache;
        this.bucket = cache.bucket();
        this.call = call;
        this.key = key;
        this.partSize = (int) Math.min(1 << 30, Math.max(LEAST_PART, expectedSize / MOST_PARTS + 1));
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
            if (filled == partSize) {
                send();
            }
            int count = Math.min(left, partSize - filled);
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
            send();
            bucket.complete(call, TRIED, objectKey, upload.get(), parts);
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
            upload = Optional.of(bucket.begin(call, TRIED, objectKey));
        }
        if (parts.size() == MOST_PARTS) {
            throw new StorageException(Problem.of(
                    TRIED,
                    key,
                    "S3 takes " + MOST_PARTS + " parts, which are " + partSize
                            + " bytes where the size is not known before",
                    "Have the registry tell its size"));
        }
        parts.add(bucket.part(call, TRIED, objectKey, upload.get(), parts.size() + 1, part, filled));
        filled = 0;
    }

    private void abort() {
        Optional<String> begun = upload;
        upload = Optional.empty();
        parts.clear();
        begun.ifPresent(id -> S3Cache.tidy(own -> bucket.abort(own, TRIED, objectKey, id)));
    }

    private void grow(int needed) {
        if (needed > part.length) {
            part = Arrays.copyOf(part, Math.min(partSize, Math.max(needed, 2 * part.length)));
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
