package dewy.registry.s3;

import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.Provider;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.tck.ArtifactContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

class S3ArtifactContractTest extends ArtifactContract {
    private final S3InTrouble remote = new S3InTrouble();
    private long length;
    private final S3ArtifactProvider provider = new S3ArtifactProvider(remote.access());

    S3ArtifactContractTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Override
    public Provider<ArtifactSource> provider() {
        return provider;
    }

    @Override
    public String url() {
        return remote.url("deep/prefix");
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return S3InTrouble.WRONG_URLS;
    }

    @Override
    public List<String> secrets() {
        return List.of(S3Server.SECRET);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return new HashMap<>(S3InTrouble.troubles(CorruptException.class));
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        remote.befall(trouble);
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        remote.awaitHanging();
    }

    @Override
    public long asked() {
        return remote.asked();
    }

    @Override
    protected void publish(String content) {
        length = content.length();
        remote.put("deep/prefix/v1.0.0/app.tar.gz", content);
    }

    @Override
    protected Deliverable published() {
        return deliverable("app.tar.gz", length);
    }

    @Override
    protected Deliverable unpublished() {
        return deliverable("other.tar.gz", 1);
    }

    private static Deliverable deliverable(String name, long size) {
        Artifact artifact = Artifact.archive(name, "").withSize(size);
        return new Deliverable(new Release("v1.0.0", Optional.empty(), List.of(artifact)), artifact);
    }
}
