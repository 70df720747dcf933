package dewy.cache.consul;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.DamagedException;
import dewy.api.plugin.PluginUrl;
import dewy.tck.ServerProgram;
import dewy.tck.TestApp;
import dewy.tck.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the contract does not ask, of a cache of 4 MB, which is 8 values of Consul. */
class ConsulCacheTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    static Path place;

    private static @Nullable ConsulServer server;
    private static @Nullable TestAuthority authority;
    private static int securedPort;

    @TempDir
    Path folder;

    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1));
    private final AtomicLong time = new AtomicLong();
    private final List<Cache> opened = new ArrayList<>();
    private @Nullable ConsulSite site;

    @BeforeAll
    static void startServer() throws Exception {
        TestAuthority made = TestAuthority.in(place);
        securedPort = ServerProgram.freePort();
        Path tls = Files.writeString(
                place.resolve("tls.json"),
                """
                {"ports": {"https": %d}, "cert_file": "%s", "key_file": "%s", "ca_file": "%s", "verify_incoming_https": true}
                """
                        .formatted(securedPort, made.serverPem(), made.serverPem(), made.pem()));
        server = ConsulServer.start(place, "-config-file=" + tls);
        authority = made;
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
    void close() {
        opened.forEach(Cache::close);
        site().close();
        call.close();
    }

    private static ConsulServer server() {
        return Objects.requireNonNull(server);
    }

    private ConsulSite site() {
        return Objects.requireNonNull(site);
    }

    private Cache open(String host) throws DewyException {
        return opened(new ConsulCacheProvider(() -> Instant.ofEpochSecond(time.incrementAndGet()))
                .open(
                        PluginUrl.parse(site().url() + "&max-size=4MB"),
                        TestApp.in(folder.resolve("app")).on(host)));
    }

    private Cache opened(Cache cache) {
        opened.add(cache);
        return cache;
    }

    @Test
    void evictsWhatWasUsedLeastRecentlyButWhatIsCurrentOnAHost() throws Exception {
        Cache cache = open("host-1");
        put(cache, "current", 1);
        put(cache, "used", 1);
        put(cache, "unused", 1);
        open("host-2").markCurrent(call, "current");
        cache.read(call, cache.find(call, "used").orElseThrow()).close();
        put(cache, "new", 2);
        assertThat(cache.list(call)).extracting(Blob::key).containsExactly("current", "used", "new");
        assertThatThrownBy(() -> put(cache, "large", 4))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("of the " + 4 * MEGABYTE + " that the cache may hold (max-size)")
                .hasMessageContaining(MEGABYTE + " are current on a host");
        assertThatThrownBy(() -> cache.write(call, "large", 4L * MEGABYTE + 1).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("may hold " + 4 * MEGABYTE + " (max-size)");
        assertThat(chunks()).hasSize(8);
    }

    @Test
    void removesWhatAnAgentLeftBehindThatWasKilled() throws Exception {
        Cache cache = open("host-1");
        BlobWriter abandoned = cache.write(call, "key", MEGABYTE);
        abandoned.write(new byte[MEGABYTE], 0, MEGABYTE);
        put(cache, "other", 1);
        assertThat(chunks())
                .as("those of an upload that goes on, and of a blob")
                .hasSize(4);
        site().advance(Duration.ofMinutes(10));
        assertThatThrownBy(abandoned::commit)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("kept for 10 minutes without progress");
        assertThat(cache.find(call, "key")).isEmpty();
        put(cache, "next", 1);
        assertThat(chunks()).hasSize(4);
        assertThat(cache.list(call)).extracting(Blob::key).containsExactly("other", "next");
    }

    @Test
    void whoReadsWhatAnotherHostWritesAgainLosesNothing() throws Exception {
        Cache cache = open("host-1");
        Blob blob = put(cache, "key", 2);
        try (InputStream in = cache.read(call, blob)) {
            assertThat(in.read()).isZero();
            assertThat(put(open("host-2"), "key", 2)).isEqualTo(blob);
            assertThat(in.readAllBytes()).hasSize(2 * MEGABYTE - 1);
        }
        assertThat(chunks()).hasSize(4);
    }

    @Test
    void removesWhatWasTamperedWith() throws Exception {
        Cache cache = open("host-1");
        Blob blob = put(cache, "key", 1);
        server().ask("PUT", "/v1/kv/" + chunks().get(1), "poison".getBytes(UTF_8));
        try (InputStream in = cache.read(call, blob)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(DamagedException.class);
        }
        assertThat(cache.find(call, "key")).isEmpty();
        assertThat(chunks()).isEmpty();
    }

    @Test
    void writesOverWhatIsNoManifest() throws Exception {
        Cache cache = open("host-1");
        server().ask("PUT", "/v1/kv/" + site().key("cache/blobs/k-key"), "poison".getBytes(UTF_8));
        server().ask("PUT", "/v1/kv/" + site().key("cache/blobs/=nobody"), "poison".getBytes(UTF_8));
        assertThat(cache.find(call, "key")).isEmpty();
        assertThat(cache.list(call)).isEmpty();
        Blob blob = put(cache, "key", 1);
        assertThat(cache.list(call)).containsExactly(blob);
    }

    @Test
    void aReadThatBreaksOffIsTypedByItsCause() throws Exception {
        Cache cache = open("host-1");
        Blob blob = put(cache, "key", 2);
        try (InputStream in = cache.read(call, blob)) {
            assertThat(in.read()).isZero();
            site().relay().cut();
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(UnreachableException.class);
        }
        assertThatThrownBy(() -> cache.find(call, "key")).isInstanceOf(UnreachableException.class);
        site().relay().mend();
        assertThat(cache.find(call, "key")).contains(blob);
    }

    @Test
    void trustsTheAuthorityThatIsNamedAndShowsItsCertificate() throws Exception {
        TestAuthority known = Objects.requireNonNull(authority);
        String right = "&ca=" + known.pem() + "&cert=" + known.client();
        assertThat(secured(right + "&dc=dc1").find(call, "key")).isEmpty();
        assertThatThrownBy(() -> secured("").find(call, "key"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("SSL_CERT_FILE");
        assertThatThrownBy(() -> secured("&ca=" + known.pem()).find(call, "key"))
                .isInstanceOf(UnreachableException.class);
        assertThatThrownBy(() -> secured(right + "&dc=elsewhere").find(call, "key"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("No path to datacenter");
    }

    private Cache secured(String more) throws DewyException {
        String url = site().url().replaceFirst(":\\d+/", ":" + securedPort + "/") + "&tls=true" + more;
        return opened(new ConsulCacheProvider().open(PluginUrl.parse(url), TestApp.in(folder.resolve("app"))));
    }

    @Test
    void tellsWhoIsRefusedWithoutAToken() throws Exception {
        String url = site().url().replaceFirst("\\?.*", "");
        Cache nameless =
                opened(new ConsulCacheProvider().open(PluginUrl.parse(url), TestApp.in(folder.resolve("app"))));
        assertThatThrownBy(() -> put(nameless, "key", 1))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("refuses who has no token");
    }

    private List<String> chunks() throws IOException {
        var answer = server().send("GET", "/v1/kv/" + site().key("cache/content/") + "?keys", new byte[0]);
        List<String> keys = new ArrayList<>();
        if (answer.statusCode() == 200) {
            JsonParser.parseString(new String(answer.body(), UTF_8))
                    .getAsJsonArray()
                    .forEach(key -> keys.add(key.getAsString()));
        }
        return keys;
    }

    private Blob put(Cache cache, String key, int megabytes) throws DewyException {
        try (BlobWriter writer = cache.write(call, key, (long) megabytes * MEGABYTE)) {
            for (int i = 0; i < megabytes * 16; i++) {
                writer.write(new byte[64 << 10], 0, 64 << 10);
            }
            return writer.commit();
        }
    }
}
