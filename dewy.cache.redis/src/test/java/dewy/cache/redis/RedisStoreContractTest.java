package dewy.cache.redis;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.store.Store;
import dewy.tck.StoreContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

class RedisStoreContractTest extends StoreContract {
    /** Has everything end so much sooner. */
    private static final String ADVANCE =
            """
            local micros = tonumber(ARGV[1])
            for _, hash in ipairs({KEYS[1], KEYS[2]}) do
              local all = redis.call('HGETALL', hash)
              for i = 1, #all, 2 do
                local number, till, text = string.match(all[i + 1], '^(%d+):(%d+):(.*)$')
                if till ~= '0' then
                  till = string.format('%.0f', tonumber(till) - micros)
                  redis.call('HSET', hash, all[i], number .. ':' .. till .. ':' .. text)
                end
              end
            end
            local all = redis.call('ZRANGE', KEYS[3], 0, -1)
            for _, each in ipairs(all) do
              redis.call('ZINCRBY', KEYS[3], -micros, each)
            end
            """;

    @TempDir
    static Path place;

    private static RedisServer server;

    private final AtomicLong ahead = new AtomicLong();
    private final RedisStoreProvider provider = new RedisStoreProvider(this::nanoTime);
    private final RedisStoreProvider otherProvider = new RedisStoreProvider(this::nanoTime);
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
        site();
    }

    /** The contract opens its stores before this class is asked for anything else. */
    private RedisSite site() {
        if (site == null) {
            try {
                site = new RedisSite(folder, server);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return site;
    }

    @AfterEach
    void closeSite() {
        site().close();
    }

    private long nanoTime() {
        return System.nanoTime() + ahead.get();
    }

    @Override
    public Provider<Store> provider() {
        return provider;
    }

    @Override
    protected Provider<Store> otherProvider() {
        return otherProvider;
    }

    @Override
    public String url() {
        return site().url();
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return RedisUrls.wrong("replicas");
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
                Trouble.BREAKING_OFF, UnreachableException.class,
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
    protected void advance(Duration time) {
        ahead.addAndGet(time.toNanos());
        oversleep(time);
    }

    @Override
    protected void oversleep(Duration time) {
        server.ask(
                Command.EVAL,
                ADVANCE,
                "3",
                site().key("store:values"),
                site().key("store:leases"),
                site().key("store:expiries"),
                String.valueOf(TimeUnit.NANOSECONDS.toMicros(time.toNanos())));
    }

    @Override
    protected void delay(Duration time) {
        site().relay().beforeTheAnswerTo("EVAL", () -> advance(time));
    }
}
