package dewy.bucket;

import dewy.api.InvalidException;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;

/** Opens caches that are in buckets, with a folder for each app. */
public abstract class BucketCacheProvider implements CacheProvider {
    private static final long DEFAULT_MAX_SIZE = 4L << 30;

    private final BucketAccess access;

    /** Makes a provider whose caches ask through {@code access}. */
    protected BucketCacheProvider(BucketAccess access) {
        this.access = access;
    }

    @Override
    public final Cache open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(url, parameters, app);
        long maxSize = parameters.bytes("max-size", DEFAULT_MAX_SIZE);
        if (maxSize == 0) {
            parameters.complain("max-size", "max-size=0 leaves room for nothing");
        }
        parameters.finish();
        return new BucketCache(bucket, app.name(), app.host(), maxSize);
    }
}
