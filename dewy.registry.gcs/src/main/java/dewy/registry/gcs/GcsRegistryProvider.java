package dewy.registry.gcs;

import dewy.api.plugin.Plugin;
import dewy.api.registry.RegistryProvider;
import dewy.bucket.BucketRegistryProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens registries that are in buckets: {@code gs://bucket/prefix}. */
@Component(name = "dewy.registry.gcs.registry", service = RegistryProvider.class)
@Plugin(kind = "registry", scheme = "gs")
public final class GcsRegistryProvider extends BucketRegistryProvider {
    /** Makes a provider whose registries ask through {@code access}. */
    @Activate
    public GcsRegistryProvider(@Reference GcsAccess access) {
        super(access);
    }
}
