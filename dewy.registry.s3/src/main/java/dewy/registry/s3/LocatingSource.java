package dewy.registry.s3;

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
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Fetches artifacts from where a template says they are, whatever a registry says about that. */
final class LocatingSource implements ArtifactSource, Locating {
    private final Bucket bucket;
    private final KeyTemplate template;
    private final Downloads downloads;
    private final Lifetime lifetime = new Lifetime();

    LocatingSource(Bucket bucket, KeyTemplate template) {
        this.bucket = bucket;
        this.template = template;
        this.downloads = new Downloads(bucket);
    }

    @Override
    public Artifact locate(Release release) {
        String tag = release.tag();
        return Artifact.archive(template.name(tag), bucket.location().show(template.resolve(tag)));
    }

    /** One request, which tells whether it is there; its checksum is compared when it is fetched. */
    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        HeadObjectResponse head = bucket.head(lifetime.bind(call), "find", template.resolve(release.tag()));
        return artifact.size().isPresent() ? artifact : artifact.withSize(head.contentLength());
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        return downloads.open(
                lifetime.bind(call),
                template.resolve(deliverable.release().tag()),
                deliverable.artifact().size(),
                offset,
                validator);
    }

    @Override
    public ArtifactStream openBeside(Call call, Deliverable deliverable, String ending) throws DewyException {
        String key = template.resolve(deliverable.release().tag()) + ending;
        return downloads.open(lifetime.bind(call), key, OptionalLong.empty(), 0, Optional.empty());
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
