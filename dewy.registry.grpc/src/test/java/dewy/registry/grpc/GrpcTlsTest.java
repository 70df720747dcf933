package dewy.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.http.Environment;
import dewy.tck.TestApp;
import dewy.tck.TestAuthority;
import io.grpc.TlsServerCredentials.ClientAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom it trusts, and who trusts it. */
class GrpcTlsTest {
    @TempDir
    Path folder;

    private static TestAuthority authority;

    private GrpcRegistryProvider provider = new GrpcRegistryProvider();

    /** It takes a while: keytool is a program of Java for each key. */
    @BeforeAll
    static void makeAuthority(@TempDir Path shared) throws Exception {
        authority = TestAuthority.in(shared);
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void trustsTheAuthorityThatTheUrlNames() throws Exception {
        try (RegistryServer server = RegistryServer.secured(authority, "server", ClientAuth.NONE)) {
            poll(server.address() + "?ca=" + authority.pem());
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void trustsTheAuthorityThatTheEnvironmentNames() throws Exception {
        Path pem = authority.pem();
        Environment environment = name -> Optional.of(pem.toString()).filter(file -> name.equals("SSL_CERT_FILE"));
        provider = new GrpcRegistryProvider(environment, InstantSource.system());
        try (RegistryServer server = RegistryServer.secured(authority, "server", ClientAuth.NONE)) {
            poll(server.address());
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void trustsNoOtherAuthority() throws Exception {
        try (RegistryServer server = RegistryServer.secured(authority, "server", ClientAuth.NONE)) {
            String told = fails(UnreachableException.class, server.address());
            assertThat(told).contains("certification path", "SSL_CERT_FILE", "ca=");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void trustsNoCertificateThatIsOver() throws Exception {
        authority.sign("expired", "-startdate", "-3d", "-ext", "san=ip:127.0.0.1");
        try (RegistryServer server = RegistryServer.secured(authority, "expired", ClientAuth.NONE)) {
            String told = fails(UnreachableException.class, server.address() + "?ca=" + authority.pem());
            assertThat(told).containsIgnoringCase("validity check failed");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void trustsNoCertificateOfAnotherHost() throws Exception {
        authority.sign("other", "-ext", "san=dns:other.example");
        try (RegistryServer server = RegistryServer.secured(authority, "other", ClientAuth.NONE)) {
            String told = fails(UnreachableException.class, server.address() + "?ca=" + authority.pem());
            assertThat(told).contains("127.0.0.1");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void showsItsCertificateToAServerThatAsksForOne() throws Exception {
        try (RegistryServer server = RegistryServer.secured(authority, "server", ClientAuth.REQUIRE)) {
            poll(server.address() + "?ca=" + authority.pem() + "&cert=" + authority.client());
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void saysThatAServerWantsACertificate() throws Exception {
        try (RegistryServer server = RegistryServer.secured(authority, "server", ClientAuth.REQUIRE)) {
            String told = fails(DewyException.class, server.address() + "?ca=" + authority.pem());
            assertThat(told).contains("cert=");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void saysThatAServerSpeaksNoTls() throws Exception {
        try (RegistryServer server = new RegistryServer()) {
            String told = fails(UnreachableException.class, server.address());
            assertThat(told).contains(server.address());
            assertThat(server.asked).isEmpty();
        }
    }

    private void poll(String url) throws Exception {
        try (Registry registry = provider.open(PluginUrl.parse(url), TestApp.in(folder.resolve("app")));
                CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
            registry.poll(call, Optional.empty());
        }
    }

    private <E extends DewyException> String fails(Class<E> type, String url) {
        E failure = catchThrowableOfType(type, () -> poll(url));
        assertThat(failure).isNotNull();
        assertThat(failure).isInstanceOfAny(UnreachableException.class, UnauthorizedException.class);
        return failure.problem().sentence();
    }
}
