package dewy.artifact.http;

import static dewy.artifact.http.Fetching.CONTENT;
import static dewy.artifact.http.Fetching.RELEASE;
import static dewy.artifact.http.Fetching.call;
import static dewy.artifact.http.Fetching.describe;
import static dewy.artifact.http.Fetching.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.UnreachableException;
import dewy.api.release.Artifact;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ChecksumFileTest {
    private static final String HEX = digest(CONTENT).hex();

    private final HttpStandIn server = new HttpStandIn();
    private final HttpArtifactSource source = new Fetching().source(server.address() + "/{version}/app.tar.gz");
    private volatile Answer checksum = Answer.of(404, "");

    ChecksumFileTest() throws Exception {
        server.answer(message -> message.target().endsWith("/app.tar.gz.sha256") ? checksum : Answer.of(200, CONTENT));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "%s\n",
                "%s  app.tar.gz\n",
                "%s *dist/app.tar.gz\n",
                "\n0000000000000000000000000000000000000000000000000000000000000000  b.zip\n%s  app.tar.gz\n",
                "SHA256 (app.tar.gz) = %s\n",
                "SHA2-256(app.tar.gz)= %s\n",
            })
    void readsTheDigestBesideTheArtifact(String form) throws Exception {
        checksum = Answer.of(200, form.formatted(HEX));
        assertThat(describe(source).digest()).hasValue(digest(CONTENT));
    }

    @Test
    void asksForTheDigestAgainOnlyIfItHasChanged() throws Exception {
        checksum = Answer.of(200, HEX).with("ETag", "\"one\"");
        describe(source);
        checksum = Answer.of(304, "");
        assertThat(describe(source).digest()).hasValue(digest(CONTENT));
        assertThat(server.asked.get(3).header("If-None-Match")).hasValue("\"one\"");

        checksum = Answer.of(200, digest("other").hex());
        assertThat(describe(source).digest()).hasValue(digest("other"));
    }

    @Test
    void doesWithoutADigestWhereThereIsNone() throws Exception {
        for (int status : List.of(403, 404, 410)) {
            checksum = Answer.of(status, "");
            assertThat(describe(source).digest()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void neverTakesADigestThatCannotBeReadForNone() {
        for (String text : List.of("<html>not found</html>", "", HEX + "  other.tar.gz", HEX + "0")) {
            checksum = Answer.of(200, text);
            assertThatThrownBy(() -> describe(source))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("it holds no SHA-256 of app.tar.gz");
        }
        checksum = Answer.of(500, "");
        assertThatThrownBy(() -> describe(source)).isInstanceOf(UnreachableException.class);
        checksum = Answer.of(200, HEX).cutAt(20);
        assertThatThrownBy(() -> describe(source)).isInstanceOf(UnreachableException.class);
    }

    @Test
    void prefersTheDigestOfTheRegistry() throws Exception {
        checksum = Answer.of(200, HEX);
        Artifact declared = source.locate(RELEASE).withDigest(digest("declared"));
        try (CancellableCall call = call()) {
            assertThat(source.describe(call, RELEASE, declared)).isEqualTo(declared);
        }
        assertThat(server.asked).hasSize(1);
    }
}
