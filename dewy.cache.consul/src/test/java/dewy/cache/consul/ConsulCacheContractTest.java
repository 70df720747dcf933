package dewy.cache.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.cache.Cache;
import dewy.api.plugin.Provider;
import dewy.tck.CacheContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class ConsulCacheContractTest extends CacheContract {
    @TempDir
    static Path place;

    private static @Nullable ConsulServer server;

    private final ConsulCacheProvider provider = new ConsulCacheProvider();
    private @Nullable ConsulSite site;

    @BeforeAll
    static void startServer() throws Exception {
        server = ConsulServer.start(place);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void openSite() throws IOException {
        site = new ConsulSite(folder, server());
    }

    @AfterEach
    void closeSite() {
        site().close();
    }

    private static ConsulServer server() {
        return Objects.requireNonNull(server);
    }

    private ConsulSite site() {
        return Objects.requireNonNull(site);
    }

    @Override
    public Provider<Cache> provider() {
        return provider;
    }

    @Override
    public String url() {
        return site().url() + "&max-size=10MB";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        List<WrongUrl> wrong = new ArrayList<>(ConsulSite.wrongUrls());
        wrong.add(WrongUrl.of("consul://127.0.0.1?max-size=much", "max-size"));
        wrong.add(WrongUrl.of("consul://127.0.0.1?max-size=0", "max-size"));
        return wrong;
    }

    @Override
    public List<String> secrets() {
        return List.of(server().token(), ConsulSite.SECRET);
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.LYING, InvalidException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        site().befall(trouble);
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        site().relay().awaitHanging();
    }

    @Override
    public long asked() {
        return site().relay().asked();
    }

    @Override
    protected void damage(String key) throws IOException {
        String blob = site().key("cache/blobs/" + Names.encode(key));
        String manifest = new String(server().get("/v1/kv/" + blob + "?raw"), UTF_8);
        String chunk = site().key("cache/content/" + manifest.split(" ", 2)[0] + "/0");
        byte[] content = server().get("/v1/kv/" + chunk + "?raw");
        content[100] ^= 1;
        server().ask("PUT", "/v1/kv/" + chunk, content);
    }
}
