package dewy.registry.gcs;

import dewy.api.DewyException;
import dewy.api.UnreachableException;
import dewy.api.cache.Cache;
import dewy.api.plugin.Provider;
import dewy.tck.CacheContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class GcsCacheContractTest extends CacheContract {
    private final GcsInTrouble remote = new GcsInTrouble();
    private final GcsCacheProvider provider = new GcsCacheProvider(remote.access());

    GcsCacheContractTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Override
    public Provider<Cache> provider() {
        return provider;
    }

    @Override
    public String url() {
        return remote.url("cache");
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
    protected void damage(String key) {
        for (String object : remote.server.keys(remote.bucket)) {
            if (object.startsWith("cache/web/blobs/")) {
                remote.put(object, "x".repeat(120_000));
            }
        }
    }
}
