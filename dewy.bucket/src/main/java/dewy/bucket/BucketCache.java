package dewy.bucket;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.VerifyingStream;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Blobs in a bucket. Which there are, one object says, which is written if it is as it was read; the content of each is an
 * object of its own, which is there before it is named and is deleted after that. So whoever finds a blob finds it whole.
 */
final class BucketCache implements Cache, HealthCheck {
    private static final Duration TIDY = Duration.ofSeconds(10);

    private final Bucket bucket;
    private final SharedObject index;
    private final String app;
    private final String host;
    private final long maxSize;
    private final Lifetime lifetime = new Lifetime();

    BucketCache(Bucket bucket, String app, String host, long maxSize) {
        this.bucket = bucket;
        this.index = new SharedObject(bucket, bucket.location().key(app, "index"), "the index of the cache");
        this.app = app;
        this.host = host;
        this.maxSize = maxSize;
    }

    @Override
    public Optional<Blob> find(Call call, String key) throws DewyException {
        return index(lifetime.bind(call)).find(key).map(CacheIndex.Kept::blob);
    }

    @Override
    public InputStream read(Call call, Blob blob) throws DewyException {
        Call mine = lifetime.bind(call);
        CacheIndex.Kept kept = index(mine)
                .find(blob.key())
                .filter(held -> held.blob().equals(blob))
                .orElseThrow(() -> gone(blob, "it is not held any more"));
        try {
            Bucket.Arriving content = bucket.open(mine, "read from the cache", objectKey(kept.object()));
            return new VerifyingStream(content.body(), blob, () -> forget(kept), () -> {});
        } catch (NotFoundException e) {
            forget(kept);
            throw gone(blob, "its content was deleted");
        }
    }

    @Override
    public BlobWriter write(Call call, String key, long expectedSize) throws DewyException {
        Call mine = lifetime.bind(call);
        mine.check();
        requireRoom(key, expectedSize);
        return new BucketBlobWriter(this, mine, key, expectedSize);
    }

    @Override
    public void delete(Call call, String key) throws DewyException {
        Call mine = lifetime.bind(call);
        Optional<CacheIndex.Kept> gone = change(mine, content -> content.remove(key));
        if (gone.isPresent()) {
            bucket.delete(mine, "delete from the cache", objectKey(gone.get().object()));
        }
    }

    @Override
    public List<Blob> list(Call call) throws DewyException {
        return index(lifetime.bind(call)).list();
    }

    @Override
    public void markCurrent(Call call, String key) throws DewyException {
        change(lifetime.bind(call), content -> content.mark(host, key) ? Optional.of(key) : Optional.empty());
    }

    /** Reads the index. */
    @Override
    public void check(Call call) throws DewyException {
        index(lifetime.bind(call));
    }

    @Override
    public void close() {
        lifetime.close();
    }

    Bucket bucket() {
        return bucket;
    }

    /** Returns a key for the content of a blob. */
    String newKey() {
        return objectKey(UUID.randomUUID().toString());
    }

    /** Names content that is there as that of a blob, and deletes what has to go on that account. */
    void add(Call call, Blob blob, String objectKey) throws DewyException {
        String object = objectKey.substring(objectKey.lastIndexOf('/') + 1);
        List<CacheIndex.Kept> gone = change(call, content -> Optional.of(content.add(blob, object, maxSize)))
                .orElseThrow();
        for (CacheIndex.Kept one : gone) {
            bucket.delete(call, "delete from the cache", objectKey(one.object()));
        }
    }

    void requireRoom(String key, long size) throws StorageException {
        if (size > maxSize) {
            throw new StorageException(Problem.of(
                    "write to the cache",
                    key,
                    "it has " + size + " bytes, and the cache may have " + maxSize + " in all",
                    "Allow it more with max-size"));
        }
    }

    /** Does what is to be done although the call for which it was begun may be over; if it fails, nothing is lost but space. */
    static void tidy(Tidying work) {
        try (CancellableCall call = CancellableCall.of("tidy", TIDY)) {
            work.by(call);
        } catch (DewyException e) {
            // Whoever needs the bucket next is told.
        }
    }

    /** Something that is done for nobody. */
    interface Tidying {
        void by(Call call) throws DewyException;
    }

    private CacheIndex index(Call call) throws DewyException {
        return CacheIndex.of(index.read(call), index);
    }

    /** Changes the index, unless there is nothing to change. */
    private <T> Optional<T> change(Call call, Function<CacheIndex, Optional<T>> change) throws DewyException {
        return index.change(call, before -> {
            CacheIndex content = CacheIndex.of(before, index);
            return change.apply(content).map(done -> new SharedObject.Changed<>(done, content.text()));
        });
    }

    /** Has what is damaged not be found again, unless it was replaced already. */
    private void forget(CacheIndex.Kept damaged) {
        tidy(call -> {
            change(call, content -> content.find(damaged.blob().key())
                    .filter(damaged::equals)
                    .flatMap(held -> content.remove(held.blob().key())));
            bucket.delete(call, "delete from the cache", objectKey(damaged.object()));
        });
    }

    private String objectKey(String object) {
        return bucket.location().key(app, "blobs", object);
    }

    private NotFoundException gone(Blob blob, String why) {
        return new NotFoundException(
                Problem.of("read from the cache", blob.key() + " at " + bucket.location(), why, "It is fetched again"));
    }
}
