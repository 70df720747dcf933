package dewy.artifact.http;

import static dewy.artifact.http.Fetching.CONTENT;
import static dewy.artifact.http.Fetching.fetch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.UnreachableException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.TestCertificate;
import java.nio.file.Path;
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
        try (HttpStandIn server = HttpStandIn.secured(certificate)) {
            server.answer(message -> Answer.of(200, CONTENT));
            String url = server.address() + "/{version}/app.tar.gz";
            assertThat(fetch(fetching.source(url + "?ca=" + certificate.pem(), false)))
                    .isEqualTo(CONTENT);
        }
    }

    @Test
    void trustsNobodyElse() throws Exception {
        try (HttpStandIn server = HttpStandIn.secured(TestCertificate.in(folder))) {
            String url = server.address() + "/{version}/app.tar.gz";
            assertThatThrownBy(() -> fetch(fetching.source(url, false)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("with ca=");
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void trustsNoCertificateForAnotherHost() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder);
        try (HttpStandIn server = HttpStandIn.secured(certificate)) {
            String url = "https://localhost:" + server.port() + "/{version}/app.tar.gz?ca=" + certificate.pem();
            assertThatThrownBy(() -> fetch(fetching.source(url, false))).isInstanceOf(UnreachableException.class);
            assertThat(server.asked).isEmpty();
        }
    }
}
