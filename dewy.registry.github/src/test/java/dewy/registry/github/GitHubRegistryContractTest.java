package dewy.registry.github;

import dewy.api.DewyException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.registry.Registry;
import dewy.tck.RegistryContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class GitHubRegistryContractTest extends RegistryContract {
    private final GitHubInTrouble remote = new GitHubInTrouble();
    private final GitHubRegistryProvider provider = new GitHubRegistryProvider(remote.github.access());

    GitHubRegistryContractTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Override
    public Provider<Registry> provider() {
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
        return GitHubInTrouble.troubles(UnreachableException.class);
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
    protected void publish(String tag, String artifact, String content) {
        remote.github.release(tag, remote.github.asset(artifact, content));
    }
}
