package dewy.registry.github;

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

class GitHubArtifactContractTest extends ArtifactContract {
    private final GitHubInTrouble remote = new GitHubInTrouble();
    private final GitHubArtifactProvider provider = new GitHubArtifactProvider(remote.github.access());

    GitHubArtifactContractTest() throws IOException {}

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
        return "github://acme/app";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return GitHubInTrouble.WRONG_URLS;
    }

    @Override
    public List<String> secrets() {
        return List.of(GitHubInTrouble.TOKEN);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return new HashMap<>(GitHubInTrouble.troubles(CorruptException.class));
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

    /** In place of the release that was there, as when an asset was deleted and uploaded again. */
    @Override
    protected void publish(String content) {
        remote.github.releases.clear();
        remote.github.release("v1.0.0", remote.github.asset("app.tar.gz", content));
    }

    @Override
    protected Deliverable published() {
        int length = remote.github.contents.values().stream()
                .mapToInt(content -> (int) content.length())
                .max()
                .orElse(0);
        long newest = remote.github.contents.keySet().stream()
                .mapToLong(id -> id)
                .max()
                .orElseThrow();
        Repository repository = new Repository("acme", "app");
        return deliverable("app.tar.gz", repository.location(newest), length);
    }

    @Override
    protected Deliverable unpublished() {
        return deliverable("other.tar.gz", "", 1);
    }

    private static Deliverable deliverable(String name, String location, long size) {
        Artifact artifact = Artifact.archive(name, location).withSize(size);
        return new Deliverable(new Release("v1.0.0", Optional.empty(), List.of(artifact)), artifact);
    }
}
