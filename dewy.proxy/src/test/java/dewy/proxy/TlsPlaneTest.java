package dewy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.plugin.Handover;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Proxy;
import dewy.proxy.tls.TestPairs;
import dewy.proxy.tls.TlsClient;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.tck.TestApp;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS by the process that carries the traffic. */
@Timeout(300)
class TlsPlaneTest {
    private static final String NAME = "127.0.0.1:0";

    @TempDir
    Path folder;

    private TestApp app;
    private Pair one;
    private Pair two;

    @BeforeEach
    void make() throws Exception {
        app = TestApp.in(folder.resolve("web"));
        TestPairs pairs = new TestPairs(folder);
        one = pairs.make("one", "one.example");
        two = pairs.make("two", "two.example");
    }

    private static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofMinutes(4));
    }

    private static PluginUrl url(Path chain, Path key) throws InvalidException {
        return PluginUrl.parse(
                "builtin:?port=127.0.0.1:0&mode=tcp&request-timeout=60s&tls-cert=" + chain + "&tls-key=" + key);
    }

    @Test
    void isChangedWhileConnectionsGoOn() throws Exception {
        BuiltinProxyProvider provider = BuiltinProxies.of(folder, "one");
        try (Greeter blue = Greeter.start("blue");
                CancellableCall call = call();
                Proxy proxy = provider.open(url(one.chain(), one.key()), app)) {
            proxy.start(call);
            proxy.route(call, Map.of(NAME, List.of(blue.backend())));
            ListeningAddress address = proxy.listeners().get(0).address();
            try (SSLSocket before = connect(address)) {
                assertThat(shown(before)).contains("CN=one");
                Proxy next = provider.adopt(url(two.chain(), two.key()), app, ((Handover) proxy).prepare(call));
                ((Handover) proxy).commit();
                next.start(call);
                try (next;
                        SSLSocket after = connect(address)) {
                    assertThat(shown(after)).contains("CN=two");
                    assertThat(ask(after)).isEqualTo("blue");
                    assertThat(ask(before)).isEqualTo("blue");
                    refusesWhatIsOfNoUse(provider, next, address);
                }
            }
        } finally {
            provider.deactivate();
        }
        assertThat(Files.readString(folder.resolve("proxy.log"))).containsOnlyOnce("speaks TLS by BoringSSL");
    }

    private void refusesWhatIsOfNoUse(BuiltinProxyProvider provider, Proxy now, ListeningAddress address)
            throws Exception {
        try (CancellableCall call = call();
                Proxy bad = provider.adopt(url(one.chain(), two.key()), app, ((Handover) now).prepare(call))) {
            ((Handover) now).abort();
            assertThatThrownBy(() -> bad.start(call))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("two.key")
                    .hasMessageContaining("not the key of the certificate");
            try (SSLSocket still = connect(address)) {
                assertThat(shown(still)).contains("CN=two");
            }
        }
    }

    private static SSLSocket connect(ListeningAddress address) throws Exception {
        Socket socket = new Socket(address.host(), address.port());
        socket.setSoTimeout(60_000);
        return TlsClient.on(socket, "a.example", "TLSv1.3");
    }

    private static String shown(SSLSocket socket) throws Exception {
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private static String ask(SSLSocket socket) throws Exception {
        socket.getOutputStream().write('?');
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void saysAtOnceWhichOptionIsOfNoUse() throws Exception {
        BuiltinProxyProvider provider = BuiltinProxies.of(folder, "one");
        InvalidException bad =
                catchThrowableOfType(InvalidException.class, () -> provider.open(url(one.chain(), two.key()), app));
        assertThat(bad.names()).containsExactly("tls-key");
        assertThat(bad.problem().sentence()).contains("two.key").contains("one.pem");
        provider.deactivate();
    }
}
