package dewy.artifact.http;

import static dewy.artifact.http.Fetching.CONTENT;
import static dewy.artifact.http.Fetching.fetch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.ProxyStandIn;
import dewy.tck.TestCertificate;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that no name service knows, so that only a proxy can reach it. */
@Timeout(60)
class ProxyTest {
    private static final String SECURED = "https://artifacts.example/{version}/app.tar.gz";
    private static final String PLAIN = "http://artifacts.example/{version}/app.tar.gz";

    @TempDir
    static Path folder;

    private static Optional<TestCertificate> made = Optional.empty();

    private final Fetching fetching = new Fetching();
    private Optional<HttpStandIn> started = Optional.empty();

    @BeforeAll
    static void makeACertificate() throws Exception {
        made = Optional.of(TestCertificate.in(folder));
    }

    @BeforeEach
    void trust() throws Exception {
        TestCertificate certificate = made.orElseThrow();
        fetching.environment.put("SSL_CERT_FILE", certificate.pem().toString());
        started = Optional.of(HttpStandIn.secured(certificate));
        server().answer(message -> Answer.of(200, CONTENT));
    }

    @AfterEach
    void close() throws Exception {
        server().close();
    }

    @Test
    void tunnelsThroughAProxyWithAPasswordThatTheServerNeverSees() throws Exception {
        try (ProxyStandIn proxy = ProxyStandIn.to(server(), "Basic bWU6aGkgZGVu")) {
            fetching.environment.put("HTTPS_PROXY", "http://me:hi%20den@127.0.0.1:" + proxy.port());
            assertThat(fetch(fetching.source(SECURED))).isEqualTo(CONTENT);
            assertThat(proxy.asked).isNotEmpty().allSatisfy(message -> {
                assertThat(message.method()).isEqualTo("CONNECT");
                assertThat(message.target()).isEqualTo("artifacts.example:443");
            });
        }
        assertThat(server().asked).singleElement().satisfies(message -> assertThat(message.headers())
                .doesNotContainKey("proxy-authorization"));
    }

    @Test
    void tellsThatAProxyWantsAPassword() throws Exception {
        try (ProxyStandIn proxy = ProxyStandIn.to(server(), "Basic bWU6aGkgZGVu")) {
            fetching.environment.put("https_proxy", "127.0.0.1:" + proxy.port());
            assertThatThrownBy(() -> fetch(fetching.source(SECURED)))
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("the proxy answered 407")
                    .hasNoSuppressedExceptions();
        }
    }

    @Test
    void asksAProxyToForwardPlainRequests() throws Exception {
        try (HttpStandIn plain = new HttpStandIn();
                ProxyStandIn proxy = ProxyStandIn.to(plain, "Basic bWU6aGlkZGVu")) {
            plain.answer(message -> Answer.of(200, CONTENT));
            fetching.environment.put("HTTP_PROXY", "http://me:hidden@127.0.0.1:" + proxy.port());
            assertThat(fetch(fetching.source(PLAIN))).isEqualTo(CONTENT);
            assertThat(proxy.asked.get(0).target()).isEqualTo("http://artifacts.example/v1.0.0/app.tar.gz");
        }
    }

    @Test
    void namesTheProxyThatDoesNotAnswerButNotItsPassword() throws Exception {
        ProxyStandIn gone = ProxyStandIn.to(server());
        gone.close();
        fetching.environment.put("HTTPS_PROXY", "http://me:hidden@127.0.0.1:" + gone.port());
        assertThatThrownBy(() -> fetch(fetching.source(SECURED)))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("by the proxy 127.0.0.1:" + gone.port())
                .hasMessageNotContaining("hidden");
    }

    @Test
    void asksThisHostDirectly() throws Exception {
        fetching.environment.put("HTTPS_PROXY", "http://127.0.0.1:1");
        assertThat(fetch(fetching.source(server().address() + "/{version}/app.tar.gz")))
                .isEqualTo(CONTENT);
    }

    @Test
    void asksHostsDirectlyThatNoProxyLists() {
        fetching.environment.put("HTTPS_PROXY", "http://127.0.0.1:1");
        fetching.environment.put("no_proxy", "artifacts.example");
        assertThatThrownBy(() -> fetch(fetching.source(SECURED)))
                .hasMessageContaining("artifacts.example:443 is not known to the name service");
    }

    private HttpStandIn server() {
        return started.orElseThrow();
    }
}
