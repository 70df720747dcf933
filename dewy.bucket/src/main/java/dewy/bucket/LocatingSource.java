package dewy.bucket;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Fetches artifacts from where a URL says they are, whatever a registry says about that. */
final class LocatingSource implements ArtifactSource, Locating {
    private final Bucket bucket;
    private final UnaryOperator<String> keys;
    private final Downloads downloads;
    private final Lifetime lifetime = new Lifetime();

    /**
     * Makes a source.
     *
     * @param keys gives the key of the artifact of a version
     */
    LocatingSource(Bucket bucket, UnaryOperator<String> keys, Arrivals arrivals) {
        this.bucket = bucket;
        this.keys = keys;
        this.downloads = new Downloads(bucket, arrivals);
    }

    @Override
    public Artifact locate(Release release) {
        String key = key(release);
        return Artifact.archive(
                key.substring(key.lastIndexOf('/') + 1), bucket.location().show(key));
    }

    /** One request, which tells whether it is there; its checksum is compared when it is fetched. */
    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        Bucket.Known found = bucket.head(lifetime.bind(call), "find", key(release));
        return artifact.size().isPresent() ? artifact : artifact.withSize(found.size());
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        return downloads.open(
                lifetime.bind(call),
                key(deliverable.release()),
                deliverable.artifact().size(),
                offset,
                validator);
    }

    @Override
    public ArtifactStream openBeside(Call call, Deliverable deliverable, String ending) throws DewyException {
        String key = key(deliverable.release()) + ending;
        return downloads.open(lifetime.bind(call), key, OptionalLong.empty(), 0, Optional.empty());
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private String key(Release release) {
        return keys.apply(release.tag());
    }
}
