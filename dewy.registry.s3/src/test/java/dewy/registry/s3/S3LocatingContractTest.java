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

class S3LocatingContractTest extends ArtifactContract {
    private final S3InTrouble remote = new S3InTrouble();
    private long length;
    private final S3ArtifactProvider provider = new S3ArtifactProvider(remote.access());

    S3LocatingContractTest() throws IOException {}

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
        return remote.url("app/{version}/app-{os}.tar.gz");
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
        remote.put("app/v1.0.0/app-linux.tar.gz", content);
    }

    @Override
    protected void publishBeside(String ending, String content) {
        remote.put("app/v1.0.0/app-linux.tar.gz" + ending, content);
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
