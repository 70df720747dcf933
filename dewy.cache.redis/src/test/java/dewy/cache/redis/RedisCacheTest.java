package dewy.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.StorageException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.DamagedException;
import dewy.api.plugin.PluginUrl;
import dewy.tck.TestApp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** What the contract does not ask, of a cache of 10 MB. */
class RedisCacheTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    static Path place;

    private static RedisServer server;

    @TempDir
    Path folder;

    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1));
    private RedisSite site;
    private Cache cache;

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
        cache = open("host-1", "10MB");
    }

    @AfterEach
    void close() {
        cache.close();
        site.close();
        call.close();
    }

    private Cache open(String host, String maxSize) throws DewyException {
        return new RedisCacheProvider()
                .open(
                        PluginUrl.parse(site.url() + "&max-size=" + maxSize),
                        TestApp.in(folder.resolve("app")).on(host));
    }

    @Test
    void evictsWhatWasUsedLeastRecentlyButWhatIsCurrentOnAHost() throws Exception {
        put("current", 3);
        put("used", 3);
        put("unused", 3);
        try (Cache elsewhere = open("host-2", "10MB")) {
            elsewhere.markCurrent(call, "current");
        }
        cache.read(call, cache.find(call, "used").orElseThrow()).close();
        put("new", 4);
        assertThat(cache.list(call)).extracting(Blob::key).containsExactly("current", "used", "new");
        assertThatThrownBy(() -> put("large", 8))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("it needs " + 8 * MEGABYTE + " bytes")
                .hasMessageContaining("(max-size), " + 3 * MEGABYTE + " are current on a host");
        assertThat(contents()).as("hashes of chunks").hasSize(3);
    }

    @Test
    void refusesWhatCanNeverFit() throws Exception {
        put("held", 1);
        assertThatThrownBy(() -> cache.write(call, "large", 10L * MEGABYTE + 1).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("may hold " + 10 * MEGABYTE + " (max-size)");
        try (BlobWriter writer = cache.write(call, "large", -1)) {
            writer.write(new byte[10 * MEGABYTE], 0, 10 * MEGABYTE);
            assertThatThrownBy(() -> writer.write(new byte[1], 0, 1)).isInstanceOf(StorageException.class);
        }
        assertThat(contents()).as("hashes of chunks").isEmpty();
    }

    @Test
    void forgetsAnUploadThatItsAgentDidNotFinish() throws Exception {
        BlobWriter abandoned = cache.write(call, "key", 2 * MEGABYTE);
        abandoned.write(new byte[2 * MEGABYTE], 0, 2 * MEGABYTE);
        String chunks = contents().get(0);
        assertThat((Long) server.ask(Command.PTTL, chunks)).isBetween(1L, 600_000L);
        server.ask(Command.PEXPIRE, chunks, "1");
        Until.holds("it has expired", () -> contents().isEmpty());
        assertThatThrownBy(abandoned::commit)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("kept for 10 minutes without progress");
        assertThat(cache.find(call, "key")).isEmpty();
        put("key", 1);
        assertThat((Long) server.ask(Command.PTTL, contents().get(0))).isEqualTo(-1);
    }

    @Test
    void whoReadsWhatAnotherHostWritesAgainLosesNothing() throws Exception {
        Blob blob = put("key", 3);
        try (InputStream in = cache.read(call, blob)) {
            assertThat(in.read()).isZero();
            assertThat(put("key", 3)).isEqualTo(blob);
            assertThat(in.readAllBytes()).hasSize(3 * MEGABYTE - 1);
        }
        assertThat(contents()).hasSize(1);
    }

    @Test
    void removesWhatWasTamperedWith() throws Exception {
        Blob blob = put("key", 2);
        server.ask(Command.HSET, contents().get(0), "1", "something else");
        try (InputStream in = cache.read(call, blob)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(DamagedException.class);
        }
        assertThat(cache.find(call, "key")).isEmpty();
        assertThat(contents()).isEmpty();
    }

    @Test
    void holdsNothingOfWhichRedisEvictedAPart() throws Exception {
        Blob blob = put("key", 2);
        server.ask(Command.DEL, contents().get(0));
        assertThat(cache.find(call, "key")).isEmpty();
        assertThat(cache.list(call)).isEmpty();
        assertThatThrownBy(() -> cache.read(call, blob)).isInstanceOf(NotFoundException.class);
        put("key", 2);
    }

    @Test
    void aReadThatBreaksOffIsTypedByItsCause() throws Exception {
        Blob blob = put("key", 4);
        try (InputStream in = cache.read(call, blob)) {
            assertThat(in.read()).isZero();
            site.relay().cut();
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(UnreachableException.class);
        }
    }

    @Test
    void goesOnAfterTheServerWasGone() throws Exception {
        Blob blob = put("key", 1);
        site.relay().cut();
        assertThatThrownBy(() -> cache.find(call, "key")).isInstanceOf(UnreachableException.class);
        site.relay().mend();
        assertThat(cache.find(call, "key")).contains(blob);
    }

    @Test
    void tellsWhatAUserMayNotDo() throws Exception {
        server.ask(Command.ACL, "SETUSER", "poor", "on", ">" + RedisServer.PASSWORD, "~dewy:*", "+@read");
        String url = site.url().replace("dewy@", "poor@");
        try (Cache poor = new RedisCacheProvider().open(PluginUrl.parse(url), TestApp.in(folder))) {
            assertThatThrownBy(() -> poor.list(call))
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("refuses the user poor")
                    .hasMessageContaining("ACL SETUSER");
        }
    }

    @Test
    void tellsThatTheMemoryOfTheServerIsFull() throws Exception {
        server.ask(Command.CONFIG, "SET", "maxmemory", "1");
        try {
            assertThatThrownBy(() -> put("key", 1))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("maxmemory");
        } finally {
            server.ask(Command.CONFIG, "SET", "maxmemory", "0");
        }
    }

    private List<String> contents() {
        Object keys = server.ask(Command.KEYS, site.key("cache:content:*").replace("{", "\\{"));
        return ((List<?>) keys)
                .stream()
                        .map(key -> new String((byte[]) key, java.nio.charset.StandardCharsets.UTF_8))
                        .toList();
    }

    private Blob put(String key, int megabytes) throws DewyException {
        try (BlobWriter writer = cache.write(call, key, (long) megabytes * MEGABYTE)) {
            for (int i = 0; i < megabytes * 16; i++) {
                writer.write(new byte[64 << 10], 0, 64 << 10);
            }
            return writer.commit();
        }
    }
}
