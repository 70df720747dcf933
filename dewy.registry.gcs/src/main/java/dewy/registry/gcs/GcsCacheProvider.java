package dewy.registry.gcs;

import dewy.api.InvalidException;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens caches that are in buckets: {@code gs://bucket/prefix?max-size=4GB}, with a folder for each app. */
@Component(name = "dewy.registry.gcs.cache")
@Plugin(kind = "cache", scheme = "gs")
public final class GcsCacheProvider implements CacheProvider {
    private static final long DEFAULT_MAX_SIZE = 4L << 30;

    private final GcsAccess access;

    /** Makes a provider whose caches ask through {@code access}. */
    @Activate
    public GcsCacheProvider(@Reference GcsAccess access) {
        this.access = access;
    }

    @Override
    public Cache open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(Location.of(url, parameters), parameters, app);
        long maxSize = parameters.bytes("max-size", DEFAULT_MAX_SIZE);
        if (maxSize == 0) {
            parameters.complain("max-size", "max-size=0 leaves room for nothing");
        }
        parameters.finish();
        return new GcsCache(bucket, app.name(), app.host(), maxSize);
    }
}
