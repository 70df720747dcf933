package dewy.cache.redis;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

class RedisCacheContractTest extends CacheContract {
    @TempDir
    static Path place;

    private static RedisServer server;

    private final RedisCacheProvider provider = new RedisCacheProvider();
    private RedisSite site;

    @BeforeAll
    static void startServer() throws IOException {
        server = RedisServer.start(place);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void openSite() throws IOException {
        site = new RedisSite(folder, server);
    }

    @AfterEach
    void closeSite() {
        site.close();
    }

    @Override
    public Provider<Cache> provider() {
        return provider;
    }

    @Override
    public String url() {
        return site.url() + "&max-size=10MB";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return RedisUrls.wrong("max-size");
    }

    @Override
    public List<String> secrets() {
        return List.of(RedisServer.PASSWORD, RedisUrls.SECRET);
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
        site.befall(trouble);
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        site.relay().awaitHanging();
    }

    @Override
    public long asked() {
        return site.relay().asked();
    }

    @Override
    protected void damage(String key) {
        String manifest = server.text(Command.HGET, site.key("cache:blobs"), key);
        byte[] chunks = (site.key("cache:content:") + manifest.split(" ", 2)[0]).getBytes(UTF_8);
        byte[] zero = "0".getBytes(UTF_8);
        byte[] chunk = (byte[]) server.ask(Command.HGET, chunks, zero);
        chunk[100] ^= 1;
        server.ask(Command.HSET, chunks, zero, chunk);
    }
}
