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
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom it trusts, and who trusts it. */
class GrpcTlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    Path folder;

    private GrpcRegistryProvider provider = new GrpcRegistryProvider();
    private TestAuthority authority;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = TestAuthority.in(folder);
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void trustsTheAuthorityThatTheUrlNames() throws Exception {
        try (RegistryServer server = server("server", ClientAuth.NONE)) {
            poll(server.address() + "?ca=" + authority.pem());
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void trustsTheAuthorityThatTheEnvironmentNames() throws Exception {
        Path pem = authority.pem();
        Environment environment = name -> Optional.of(pem.toString()).filter(file -> name.equals("SSL_CERT_FILE"));
        provider = new GrpcRegistryProvider(environment, InstantSource.system());
        try (RegistryServer server = server("server", ClientAuth.NONE)) {
            poll(server.address());
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void trustsNoOtherAuthority() throws Exception {
        try (RegistryServer server = server("server", ClientAuth.NONE)) {
            String told = fails(UnreachableException.class, server.address());
            assertThat(told).contains("certification path", "SSL_CERT_FILE", "ca=");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void trustsNoCertificateThatIsOver() throws Exception {
        keytool("expired", "-startdate", "-3d", "-validity", "1", "-ext", "san=ip:127.0.0.1");
        try (RegistryServer server = server("expired", ClientAuth.NONE)) {
            String told = fails(UnreachableException.class, server.address() + "?ca=" + authority.pem());
            assertThat(told).containsIgnoringCase("validity check failed");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void trustsNoCertificateOfAnotherHost() throws Exception {
        keytool("other", "-validity", "1", "-ext", "san=dns:other.example");
        try (RegistryServer server = server("other", ClientAuth.NONE)) {
            String told = fails(UnreachableException.class, server.address() + "?ca=" + authority.pem());
            assertThat(told).contains("127.0.0.1");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void showsItsCertificateToAServerThatAsksForOne() throws Exception {
        try (RegistryServer server = server("server", ClientAuth.REQUIRE)) {
            poll(server.address() + "?ca=" + authority.pem() + "&cert=" + authority.client());
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void saysThatAServerWantsACertificate() throws Exception {
        try (RegistryServer server = server("server", ClientAuth.REQUIRE)) {
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

    private RegistryServer server(String alias, ClientAuth clients) throws Exception {
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("authority.p12"))) {
            all.load(in, PASSWORD);
        }
        Key key = all.getKey(alias, PASSWORD);
        Certificate[] chain = all.getCertificateChain(alias);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(alias, key, PASSWORD, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", all.getCertificate("authority"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        ServerCredentials credentials = TlsServerCredentials.newBuilder()
                .keyManager(keys.getKeyManagers())
                .trustManager(trust.getTrustManagers())
                .clientAuth(clients)
                .build();
        return new RegistryServer(credentials);
    }

    /** Has the authority sign another certificate. */
    private void keytool(String alias, String... more) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-signer",
                "authority",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + alias,
                "-storepass",
                "password",
                "-keystore",
                folder.resolve("authority.p12").toString()));
        command.addAll(List.of(more));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
