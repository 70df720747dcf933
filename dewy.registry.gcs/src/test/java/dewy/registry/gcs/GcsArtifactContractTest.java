package dewy.registry.gcs;

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

class GcsArtifactContractTest extends ArtifactContract {
    private final GcsInTrouble remote = new GcsInTrouble();
    private long length;
    private final GcsArtifactProvider provider = new GcsArtifactProvider(remote.access());

    GcsArtifactContractTest() throws IOException {}

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
        return GcsInTrouble.WRONG_URLS;
    }

    @Override
    public List<String> secrets() {
        return List.of(GcsServer.TOKEN);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return new HashMap<>(GcsInTrouble.troubles(CorruptException.class));
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
