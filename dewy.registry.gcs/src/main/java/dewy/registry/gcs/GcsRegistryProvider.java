package dewy.registry.gcs;

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

/** Opens registries that are in buckets: {@code gs://bucket/prefix}. */
@Component(name = "dewy.registry.gcs.registry")
@Plugin(kind = "registry", scheme = "gs")
public final class GcsRegistryProvider implements RegistryProvider {
    private final GcsAccess access;

    /** Makes a provider whose registries ask through {@code access}. */
    @Activate
    public GcsRegistryProvider(@Reference GcsAccess access) {
        this.access = access;
    }

    @Override
    public Registry open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(Location.of(url, parameters), parameters, app);
        parameters.finish();
        return new GcsRegistry(bucket, access.clock());
    }
}
