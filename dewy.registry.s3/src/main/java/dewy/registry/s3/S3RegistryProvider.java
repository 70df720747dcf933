package dewy.registry.s3;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens registries that are in buckets: {@code s3://region/bucket/prefix}. */
@Component(name = "dewy.registry.s3.registry")
@Plugin(kind = "registry", scheme = "s3")
public final class S3RegistryProvider implements RegistryProvider {
    private final S3Access access;

    /** Makes a provider whose registries ask through {@code access}. */
    @Activate
    public S3RegistryProvider(@Reference S3Access access) {
        this.access = access;
    }

    @Override
    public Registry open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(Location.of(url, parameters), parameters, app);
        parameters.finish();
        return new S3Registry(bucket, access.clock());
    }
}
