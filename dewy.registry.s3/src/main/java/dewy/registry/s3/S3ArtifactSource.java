package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Deliverable;
import java.util.Optional;

/** Fetches artifacts from below a prefix, where they are by version and name, whichever registry announced them. */
final class S3ArtifactSource implements ArtifactSource {
    private final Location location;
    private final Downloads downloads;
    private final Lifetime lifetime = new Lifetime();

    S3ArtifactSource(Bucket bucket) {
        this.location = bucket.location();
        this.downloads = new Downloads(bucket);
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        String key =
                location.key(deliverable.release().tag(), deliverable.artifact().name());
        return downloads.open(lifetime.bind(call), key, deliverable.artifact().size(), offset, validator);
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
