package dewy.bucket;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;

/** Opens registries that are in buckets. */
public abstract class BucketRegistryProvider implements RegistryProvider {
    private final BucketAccess access;

    /** Makes a provider whose registries ask through {@code access}. */
    protected BucketRegistryProvider(BucketAccess access) {
        this.access = access;
    }

    @Override
    public final Registry open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(url, parameters, app);
        parameters.finish();
        return new BucketRegistry(bucket, access.clock());
    }
}
