package dewy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.tck.TestCertificate;
import dewy.tck.TrustingTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateTest {
    private static final char[] PASSWORD = "password".toCharArray();

    private static final int FIRST_PORT = 30_100;

    @TempDir
    Path folder;

    private Path chain;
    private Path key;
    private Instant written = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void name() {
        chain = folder.resolve("chain.pem");
        key = folder.resolve("key.pem");
    }

    @Test
    void holdsFromTheNextConnectionOnOnceItIsRenewedAsAWhole() throws Exception {
        KeyStore old = pair("old");
        KeyStore renewed = pair("renewed");
        writeChain(old);
        writeKey(old);
        Settings settings = new Settings(
                folder,
                InetAddress.getLoopbackAddress(),
                FIRST_PORT,
                folder.resolve("tokens"),
                Optional.of(new Certificate.Files(chain, key)),
                List.of());
        Route route = new Route(
                "GET",
                "/",
                Gate.Access.READ,
                "",
                List.of(),
                Route.Result.one(Object.class),
                asked -> Answer.of(Map.of("served", "well")));
        try (AdminServer server = AdminServer.open(settings, Limits.USUAL, List.of(route), new RecentEvents(1))) {
            assertThat(server.url()).startsWith("https://127.0.0.1:");
            int port = URI.create(server.url()).getPort();
            assertThat(served(port)).isEqualTo(old.getCertificate("test"));
            writeChain(renewed);
            assertThat(served(port)).as("where the key is not there yet").isEqualTo(old.getCertificate("test"));
            writeKey(renewed);
            assertThat(served(port)).isEqualTo(renewed.getCertificate("test"));
            assertThat(plainly(port)).doesNotContain("served");
        }
    }

    @Test
    void isRefusedWhereItIsNoPair() throws Exception {
        writeChain(pair("one"));
        writeKey(pair("another"));
        assertThatThrownBy(() -> Certificate.open(new Certificate.Files(chain, key)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(key + ": it is not the key of the certificate in " + chain);
        assertThatThrownBy(() -> Certificate.open(new Certificate.Files(folder.resolve("missing"), key)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("missing");
    }

    private KeyStore pair(String name) throws Exception {
        TestCertificate made = TestCertificate.in(Files.createDirectory(folder.resolve(name)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(made.store())) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private void writeChain(KeyStore store) throws Exception {
        write(
                chain,
                "CERTIFICATE",
                Objects.requireNonNull(store.getCertificate("test")).getEncoded());
    }

    private void writeKey(KeyStore store) throws Exception {
        write(
                key,
                "PRIVATE KEY",
                Objects.requireNonNull(store.getKey("test", PASSWORD)).getEncoded());
    }

    private void write(Path file, String what, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(content);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
        written = written.plusSeconds(1);
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    /** Returns the certificate by which a request is answered. */
    private static X509Certificate served(int port) throws Exception {
        try (SSLSocket socket = (SSLSocket)
                TrustingTls.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(exchange(socket)).startsWith("HTTP/1.1 200 ").contains("served");
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static String plainly(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return exchange(socket);
        }
    }

    private static String exchange(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
