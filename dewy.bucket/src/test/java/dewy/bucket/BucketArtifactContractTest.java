package dewy.bucket;

import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.Provider;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.tck.ArtifactContract;
import java.util.List;
import java.util.Optional;

public abstract class BucketArtifactContractTest extends ArtifactContract implements BucketContract<ArtifactSource> {
    private final BucketInTrouble remote;
    private final Provider<ArtifactSource> provider;
    private long length;

    protected BucketArtifactContractTest(BucketInTrouble remote) {
        this.remote = remote;
        this.provider = remote.artifacts();
    }

    @Override
    public BucketInTrouble remote() {
        return remote;
    }

    @Override
    public Provider<ArtifactSource> provider() {
        return provider;
    }

    @Override
    public Class<? extends DewyException> lying() {
        return CorruptException.class;
    }

    @Override
    public String url() {
        return remote.url("deep/prefix");
    }

    @Override
    protected void publish(String content) {
        length = content.length();
        remote.put("deep/prefix/v1.0.0/app-linux.tar.gz", content);
    }

    @Override
    protected Deliverable published() {
        return deliverable("v1.0.0", length);
    }

    @Override
    protected Deliverable unpublished() {
        return deliverable("v2.0.0", 1);
    }

    private static Deliverable deliverable(String tag, long size) {
        Artifact artifact = Artifact.archive("app-linux.tar.gz", "").withSize(size);
        return new Deliverable(new Release(tag, Optional.empty(), List.of(artifact)), artifact);
    }
}
