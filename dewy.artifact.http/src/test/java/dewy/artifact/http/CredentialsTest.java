package dewy.artifact.http;

import static dewy.artifact.http.Fetching.CONTENT;
import static dewy.artifact.http.Fetching.fetch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CredentialsTest {
    @TempDir
    Path folder;

    private final Fetching fetching = new Fetching();
    private final HttpStandIn server = new HttpStandIn();

    CredentialsTest() throws IOException {
        server.answer(message -> Answer.of(200, CONTENT));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void sendsTheHeadersThatAreNamedAndReadsThemAnewEachTime() throws Exception {
        Path first = Files.writeString(folder.resolve("first"), "Authorization: Bearer one\n");
        Path second = Files.writeString(folder.resolve("second"), "X-Token: two");
        HttpArtifactSource source = fetching.source(url() + "?header=file:" + first + "&header=file:" + second);
        fetch(source);
        Files.writeString(first, "Authorization: Bearer three\n");
        fetch(source);
        assertThat(server.asked.get(0).header("Authorization")).hasValue("Bearer one");
        assertThat(server.asked.get(0).header("X-Token")).hasValue("two");
        assertThat(server.asked.get(1).header("Authorization")).hasValue("Bearer three");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hidden", "Bad Name: hidden", "X-Token:", "Host: hidden", "Range: hidden", "X: hid\u0001den"})
    void refusesAHeaderThatIsNoneWithoutShowingIt(String line) throws Exception {
        Path file = Files.writeString(folder.resolve("header"), line);
        assertThatThrownBy(() -> fetch(fetching.source(url() + "?header=file:" + file)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("file:" + file)
                .hasMessageNotContaining("hidden");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void sendsThePasswordOfTheHomesNetrc() throws Exception {
        Files.writeString(folder.resolve(".netrc"), "machine 127.0.0.1 login me password hidden\n");
        fetching.environment.put("HOME", folder.toString());
        fetch(fetching.source(url()));
        assertThat(server.asked.get(0).header("Authorization")).hasValue("Basic bWU6aGlkZGVu");
    }

    @Test
    void prefersAHeaderThatIsNamedToNetrc() throws Exception {
        Path netrc = Files.writeString(folder.resolve("netrc"), "default login me password hidden\n");
        Path header = Files.writeString(folder.resolve("header"), "authorization: Bearer one\n");
        fetching.environment.put("NETRC", netrc.toString());
        fetch(fetching.source(url() + "?header=file:" + header));
        assertThat(server.asked.get(0).header("Authorization")).hasValue("Bearer one");
    }

    @Test
    void complainsAboutANetrcThatIsNamedAndNotThere() {
        fetching.environment.put("NETRC", "/nonexistent/netrc");
        assertThatThrownBy(() -> fetch(fetching.source(url())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("/nonexistent/netrc: there is no such file");
    }

    private String url() {
        return server.address() + "/{version}/app.tar.gz";
    }
}
