package dewy.registry.s3;

import dewy.api.artifact.ArtifactProvider;
import dewy.api.plugin.Plugin;
import dewy.bucket.BucketArtifactProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Opens artifacts in buckets: {@code s3://region/bucket/prefix}, where they are by version and name, or {@code
 * s3://region/bucket/app-{version}_{os}_{arch}.tar.gz}, which says itself where they are.
 */
@Component(name = "dewy.registry.s3.artifact", service = ArtifactProvider.class)
@Plugin(kind = "artifact", scheme = "s3")
public final class S3ArtifactProvider extends BucketArtifactProvider {
    /** Makes a provider whose sources ask through {@code access}. */
    @Activate
    public S3ArtifactProvider(@Reference S3Access access) {
        super(access);
    }
}
