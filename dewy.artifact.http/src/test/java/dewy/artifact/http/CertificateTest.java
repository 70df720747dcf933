package dewy.artifact.http;

import static dewy.artifact.http.Fetching.CONTENT;
import static dewy.artifact.http.Fetching.fetch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.UnreachableException;
import dewy.tck.TestCertificate;
import java.nio.file.Path;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CertificateTest {
    @TempDir
    Path folder;

    private final Fetching fetching = new Fetching();

    @Test
    void trustsTheAuthorityThatTheUrlNames() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder);
        try (WebServer server = WebServer.secured(certificate)) {
            server.answer(message -> Answer.of(200, CONTENT));
            String url = server.address() + "/{version}/app.tar.gz";
            assertThat(fetch(fetching.source(url + "?ca=" + certificate.pem(), false)))
                    .isEqualTo(CONTENT);
        }
    }

    @Test
    void trustsNobodyElse() throws Exception {
        try (WebServer server = WebServer.secured(TestCertificate.in(folder))) {
            String url = server.address() + "/{version}/app.tar.gz";
            assertThatThrownBy(() -> fetch(fetching.source(url, false)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("name that with ca=");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void trustsNoCertificateForAnotherHost() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder);
        try (WebServer server = WebServer.secured(certificate)) {
            String url = "https://localhost:" + server.port() + "/{version}/app.tar.gz?ca=" + certificate.pem();
            assertThatThrownBy(() -> fetch(fetching.source(url, false))).isInstanceOf(UnreachableException.class);
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void stillTrustsWhomJavaTrusts() throws Exception {
        X509TrustManager manager =
                TrustedCertificates.with(TestCertificate.in(folder).pem());
        assertThat(manager.getAcceptedIssuers()).hasSizeGreaterThan(10);
    }
}
