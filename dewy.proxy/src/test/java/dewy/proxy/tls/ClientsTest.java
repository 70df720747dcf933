package dewy.proxy.tls;

import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.pem.BadCertificate;
import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.proxy.tls.TlsSettings.Version;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What other programs agree on with it. */
@Timeout(60)
class ClientsTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";

    @TempDir
    static Path folder;

    private static Pair pair;

    @BeforeAll
    static void make() throws Exception {
        pair = new TestPairs(folder).make("a", "localhost");
    }

    private static Listening listening(Library library, Version least, Mode mode) throws BadCertificate {
        Certificates.Making making =
                new Certificates.Making(library, mode == Mode.HTTP, InstantSource.system(), what -> {});
        Termination tls = new Termination(Certificates.read(new TlsSettings(List.of(pair), least), making));
        tls.close(); // Its files stay as they are.
        return new Listening(TlsClient.patient(mode), tls);
    }

    private static RawBackend answering() throws IOException {
        return new RawBackend(client -> {
            readHead(client.getInputStream());
            write(client, ANSWER);
        });
    }

    private static String openssl(Listening to, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("s_client", "-connect", "127.0.0.1:" + to.port()));
        command.addAll(
                List.of("-servername", "localhost", "-CAfile", pair.chain().toString(), "-ign_eof"));
        command.addAll(List.of(options));
        return TestPairs.run("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", command);
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void curlTrustsItAndIsAnswered(Library library) throws Exception {
        String curl = ServerProgram.require("curl").toString();
        try (RawBackend backend = answering();
                Listening listening =
                        listening(library, Version.TLS_1_2, Mode.HTTP).to(backend.port())) {
            String url = "https://localhost:" + listening.port() + "/";
            for (String version : List.of("--tls-max", "--tlsv1.3")) {
                List<String> command = new ArrayList<>(
                        List.of(curl, "-s", "--cacert", pair.chain().toString()));
                command.addAll(version.equals("--tls-max") ? List.of(version, "1.2") : List.of(version));
                command.addAll(List.of("--http2", "-w", " %{http_version}", url));
                assertThat(TestPairs.runProgram("", command)).isEqualTo("hello 1.1");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, HTTP, http/1.1", "JDK, HTTP, http/1.1", "BORINGSSL, TCP, ''", "JDK, TCP, ''"})
    void agreesOnNothingButHttp1(Library library, Mode mode, String protocol) throws Exception {
        try (RawBackend backend = answering();
                Listening listening = listening(library, Version.TLS_1_2, mode).to(backend.port())) {
            assertThat(openssl(listening, "-alpn", "h2,http/1.1"))
                    .contains("hello")
                    .contains(protocol.isEmpty() ? "No ALPN negotiated" : "ALPN protocol: " + protocol);
            assertThat(openssl(listening, "-alpn", "h2")).contains("hello").contains("No ALPN negotiated");
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, -tls1_2", "BORINGSSL, -tls1_3", "JDK, -tls1_2", "JDK, -tls1_3"})
    void resumesSessions(Library library, String version) throws Exception {
        Path session = folder.resolve("session" + library + version);
        try (RawBackend backend = answering();
                Listening listening =
                        listening(library, Version.TLS_1_2, Mode.HTTP).to(backend.port())) {
            assertThat(openssl(listening, version, "-sess_out", session.toString()))
                    .contains("\nNew, TLSv1.");
            assertThat(Files.size(session)).isPositive();
            assertThat(openssl(listening, version, "-sess_in", session.toString()))
                    .contains("\nReused, TLSv1.");
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void speaksNoVersionThatIsTooOld(Library library) throws Exception {
        try (RawBackend backend = answering();
                Listening listening =
                        listening(library, Version.TLS_1_3, Mode.HTTP).to(backend.port())) {
            assertThat(openssl(listening, "-tls1_3")).contains("hello");
            assertThat(failing(listening, "-tls1_2")).contains("alert protocol version");
        }
        try (Listening listening = listening(library, Version.TLS_1_2, Mode.HTTP)) {
            assertThat(failing(listening, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"))
                    .contains("alert protocol version");
            assertThat(failing(listening, "-tls1_2", "-cipher", "AES128-SHA256:ECDHE-ECDSA-AES128-SHA256"))
                    .contains("handshake failure");
        }
    }

    private static String failing(Listening to, String... options) {
        try {
            return openssl(to, options);
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void thisHostHasBoringSsl() {
        List<String> told = new ArrayList<>();
        assertThat(Library.best(told::add)).isEqualTo(Library.BORINGSSL);
        assertThat(told).singleElement().asString().contains("BoringSSL");
    }
}
