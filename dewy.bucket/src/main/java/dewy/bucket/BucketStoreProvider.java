package dewy.bucket;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Store;
import dewy.api.store.StoreProvider;
import dewy.store.TextStore;
import java.util.function.LongSupplier;

/** Opens stores that are in buckets, each app in an object of its own. */
public abstract class BucketStoreProvider implements StoreProvider {
    private final BucketAccess access;
    private final LongSupplier nanoTime;

    /**
     * Makes a provider whose stores ask through {@code access}.
     *
     * @param nanoTime the time by which leases end, as {@link System#nanoTime}
     */
    protected BucketStoreProvider(BucketAccess access, LongSupplier nanoTime) {
        this.access = access;
        this.nanoTime = nanoTime;
    }

    @Override
    public final Store open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(url, parameters, app);
        parameters.bytes("max-size", 0); // Of the cache, which is opened by the same URL.
        parameters.finish();
        String key = bucket.location().key(app.name(), "store");
        return new TextStore(new StoreObject(new SharedObject(bucket, key, "the store")), nanoTime);
    }
}
