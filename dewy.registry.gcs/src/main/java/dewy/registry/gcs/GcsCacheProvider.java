package dewy.registry.gcs;

import dewy.api.cache.CacheProvider;
import dewy.api.plugin.Plugin;
import dewy.bucket.BucketCacheProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens caches that are in buckets: {@code gs://bucket/prefix?max-size=4GB}, with a folder for each app. */
@Component(name = "dewy.registry.gcs.cache", service = CacheProvider.class)
@Plugin(kind = "cache", scheme = "gs")
public final class GcsCacheProvider extends BucketCacheProvider {
    /** Makes a provider whose caches ask through {@code access}. */
    @Activate
    public GcsCacheProvider(@Reference GcsAccess access) {
        super(access);
    }
}
