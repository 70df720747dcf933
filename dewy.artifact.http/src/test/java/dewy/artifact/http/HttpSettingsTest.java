package dewy.artifact.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSettingsTest {
    private static final String URL = "https://a.example/{version}/a.tar";

    @TempDir
    Path folder;

    private final Fetching fetching = new Fetching();

    @Test
    void refusesPlainHttpUnlessItIsAllowed() throws InvalidException {
        assertThatThrownBy(() -> fetching.source("http://a.example/{version}/a.tar", false))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("http://a.example/{version}/a.tar: http:// is not encrypted")
                .hasMessageContaining("--allow-http");
        assertThat(fetching.source("http://a.example/{version}/a.tar", true)).isNotNull();
        assertThat(fetching.source(URL, false)).isNotNull();
    }

    @Test
    void namesEverythingThatIsWrongAtOnceAndShowsNoSecret() {
        fetching.environment.put("HTTPS_PROXY", "socks5://me:hidden@proxy:1080");
        assertThatThrownBy(() -> fetching.source("https://a.example/{what}/a.tar?header=X:hidden&ca=/no&colour=red"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("{what}")
                .hasMessageContaining("header says where a header is")
                .hasMessageContaining("ca=/no cannot be read")
                .hasMessageContaining("the environment's HTTPS_PROXY: it is not a proxy of the scheme http")
                .hasMessageContaining("colour");
    }

    @Test
    void refusesAFileThatHoldsNoCertificates() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path other = Files.writeString(folder.resolve("other.pem"), "no certificate");
        for (Path file : new Path[] {empty, other}) {
            assertThatThrownBy(() -> fetching.source(URL + "?ca=" + file))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("holds no certificates");
        }
        fetching.environment.put("SSL_CERT_FILE", empty.toString());
        assertThatThrownBy(() -> fetching.source(URL)).hasMessageContaining("SSL_CERT_FILE");
    }
}
