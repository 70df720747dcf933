package dewy.registry.gcs;

import dewy.api.artifact.ArtifactProvider;
import dewy.api.plugin.Plugin;
import dewy.bucket.BucketArtifactProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Opens artifacts in buckets: {@code gs://bucket/prefix}, where they are by version and name, or {@code
 * gs://bucket/app-{version}_{os}_{arch}.tar.gz}, which says itself where they are.
 */
@Component(name = "dewy.registry.gcs.artifact", service = ArtifactProvider.class)
@Plugin(kind = "artifact", scheme = "gs")
public final class GcsArtifactProvider extends BucketArtifactProvider {
    /** Makes a provider whose sources ask through {@code access}. */
    @Activate
    public GcsArtifactProvider(@Reference GcsAccess access) {
        super(access);
    }
}
