package dewy.registry.s3;

import dewy.api.cache.CacheProvider;
import dewy.api.plugin.Plugin;
import dewy.bucket.BucketCacheProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens caches that are in buckets: {@code s3://region/bucket/prefix?max-size=4GB}, with a folder for each app. */
@Component(name = "dewy.registry.s3.cache", service = CacheProvider.class)
@Plugin(kind = "cache", scheme = "s3")
public final class S3CacheProvider extends BucketCacheProvider {
    /** Makes a provider whose caches ask through {@code access}. */
    @Activate
    public S3CacheProvider(@Reference S3Access access) {
        super(access);
    }
}
