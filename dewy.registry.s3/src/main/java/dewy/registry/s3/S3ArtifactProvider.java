package dewy.registry.s3;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Platform;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Opens artifacts in buckets: {@code s3://region/bucket/prefix}, where they are by version and name, or {@code
 * s3://region/bucket/app-{version}_{os}_{arch}.tar.gz}, which says itself where they are.
 */
@Component(name = "dewy.registry.s3.artifact")
@Plugin(kind = "artifact", scheme = "s3")
public final class S3ArtifactProvider implements ArtifactProvider {
    private final S3Access access;

    /** Makes a provider whose sources ask through {@code access}. */
    @Activate
    public S3ArtifactProvider(@Reference S3Access access) {
        this.access = access;
    }

    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Location location = Location.of(url, parameters);
        boolean isTemplate = KeyTemplate.isOne(location.prefix());
        KeyTemplate template = KeyTemplate.of(location, Platform.current(), parameters);
        Bucket bucket = access.bucket(location, parameters, app);
        parameters.finish();
        return isTemplate ? new LocatingSource(bucket, template) : new S3ArtifactSource(bucket);
    }
}
