package dewy.registry.s3;

import dewy.api.plugin.Plugin;
import dewy.api.registry.RegistryProvider;
import dewy.bucket.BucketRegistryProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens registries that are in buckets: {@code s3://region/bucket/prefix}. */
@Component(name = "dewy.registry.s3.registry", service = RegistryProvider.class)
@Plugin(kind = "registry", scheme = "s3")
public final class S3RegistryProvider extends BucketRegistryProvider {
    /** Makes a provider whose registries ask through {@code access}. */
    @Activate
    public S3RegistryProvider(@Reference S3Access access) {
        super(access);
    }
}
