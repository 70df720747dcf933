package dewy.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnreachableException;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Claim;
import dewy.api.store.Entry;
import dewy.api.store.Store;
import dewy.api.store.Watching;
import dewy.api.store.Write;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** What the contract does not ask. */
class RedisStoreTest {
    @TempDir
    static Path place;

    private static RedisServer server;

    @TempDir
    Path folder;

    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1));
    private RedisSite site;
    private Store store;

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
    void open() throws Exception {
        site = new RedisSite(folder, server);
        store = new RedisStoreProvider().open(PluginUrl.parse(site.url()), TestApp.in(folder.resolve("app")));
    }

    @AfterEach
    void close() {
        store.close();
        site.close();
        call.close();
    }

    @Test
    void goesOnWatchingAfterTheConnectionBroke() throws Exception {
        BlockingQueue<Map.Entry<String, Long>> told = new LinkedBlockingQueue<>();
        ((Watching) store).watch("a/", (key, revision) -> told.add(Map.entry(key, revision)));
        Entry first = create("a/1");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Map.entry("a/1", first.revision()));
        site.relay().cut();
        assertThatThrownBy(() -> create("a/2")).isInstanceOf(UnreachableException.class);
        site.relay().mend();
        Entry second = create("a/2");
        Map.Entry<String, Long> next = told.poll(30, TimeUnit.SECONDS);
        while (!Map.entry("a/2", second.revision()).equals(next)) {
            assertThat(next).as("what is told again").isEqualTo(Map.entry("a/1", first.revision()));
            next = told.poll(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void removesWhatHasExpiredWhenSomethingIsWritten() throws Exception {
        for (int i = 0; i < 10; i++) {
            Write brief = Write.create("brief " + i, "1").expiring(Duration.ofMillis(1));
            assertThat(store.compareAndSet(call, brief)).isPresent();
            assertThat(store.acquire(call, new Claim("lease " + i, "host-1", Duration.ofMillis(1))))
                    .isPresent();
        }
        Until.holds("all have expired", () -> store.list(call, "brief").isEmpty());
        create("kept");
        assertThat(server.ask(Command.HLEN, site.key("store:values"))).isEqualTo(1L);
        assertThat(server.ask(Command.HLEN, site.key("store:leases"))).isEqualTo(0L);
        assertThat(server.ask(Command.ZCARD, site.key("store:expiries"))).isEqualTo(0L);
    }

    @Test
    void refusesAServerThatThrowsAwayAnything() throws Exception {
        ((HealthCheck) store).check(call);
        server.ask(Command.CONFIG, "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru");
        try {
            assertThatThrownBy(() -> ((HealthCheck) store).check(call))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("noeviction");
        } finally {
            server.ask(Command.CONFIG, "SET", "maxmemory", "0", "maxmemory-policy", "noeviction");
        }
    }

    @Test
    void saysThatTheFateOfAWriteIsNotKnown() throws Exception {
        site.relay().breakOffAfter("EVAL");
        assertThatThrownBy(() -> create("key"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("whether it was done is not known");
        assertThat(store.read(call, "key")).isPresent();
    }

    private Entry create(String key) throws DewyException {
        return store.compareAndSet(call, Write.create(key, "1")).orElseThrow();
    }
}
