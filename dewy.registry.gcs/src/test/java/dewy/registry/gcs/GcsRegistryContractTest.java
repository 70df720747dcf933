package dewy.registry.gcs;

import dewy.api.DewyException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.registry.Registry;
import dewy.tck.RegistryContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class GcsRegistryContractTest extends RegistryContract {
    private final GcsInTrouble remote = new GcsInTrouble();
    private final GcsRegistryProvider provider = new GcsRegistryProvider(remote.access());

    GcsRegistryContractTest() throws IOException {}

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
        return new HashMap<>(GcsInTrouble.troubles(UnreachableException.class));
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
        remote.put("deep/prefix/" + tag + "/" + artifact, content);
    }
}
