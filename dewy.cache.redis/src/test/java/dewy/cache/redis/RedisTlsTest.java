package dewy.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Store;
import dewy.api.store.Write;
import dewy.tck.ServerProgram;
import dewy.tck.TestApp;
import dewy.tck.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS that asks its clients for a certificate. */
class RedisTlsTest {
    @TempDir
    Path folder;

    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1));
    private TestAuthority authority;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = TestAuthority.in(folder);
    }

    @AfterEach
    void close() {
        call.close();
    }

    private RedisServer start(Path certificate, int port) throws Exception {
        return RedisServer.start(
                folder,
                0,
                port,
                "--tls-port",
                String.valueOf(port),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                certificate.toString(),
                "--tls-ca-cert-file",
                authority.pem().toString());
    }

    private Store open(int port, String more) throws Exception {
        Path password = Files.writeString(folder.resolve("password"), RedisServer.PASSWORD);
        String url = "rediss://dewy@127.0.0.1:" + port + "/0?password=file:" + password + more;
        return new RedisStoreProvider().open(PluginUrl.parse(url), TestApp.in(folder.resolve("app")));
    }

    @Test
    void trustsTheAuthorityThatIsNamedAndShowsItsCertificate() throws Exception {
        int port = ServerProgram.freePort();
        String trust = "&ca=" + authority.pem();
        try (RedisServer unused = start(authority.serverPem(), port);
                Store right = open(port, trust + "&cert=" + authority.client());
                Store stranger = open(port, "");
                Store nameless = open(port, trust)) {
            assertThat(right.compareAndSet(call, Write.create("key", "1"))).isPresent();
            assertThatThrownBy(() -> stranger.read(call, "key"))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("SSL_CERT_FILE")
                    .hasMessageContaining("ca=");
            assertThatThrownBy(() -> nameless.read(call, "key")).isInstanceOf(UnreachableException.class);
        }
    }

    @Test
    void refusesACertificateThatHasExpired() throws Exception {
        int port = ServerProgram.freePort();
        try (RedisServer unused = start(authority.expiredPem(), port);
                Store store = open(port, "&ca=" + authority.pem() + "&cert=" + authority.client())) {
            assertThatThrownBy(() -> store.read(call, "key"))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("expired");
        }
    }
}
