package dewy.artifact.http;

import static dewy.artifact.http.Fetching.CONTENT;
import static dewy.artifact.http.Fetching.fetch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RedirectTest {
    @TempDir
    Path folder;

    private final Fetching fetching = new Fetching();
    private final HttpStandIn home = new HttpStandIn();
    private final HttpStandIn store = new HttpStandIn();
    private String url = "";

    RedirectTest() throws IOException {}

    @BeforeEach
    void nameAHeaderAndAPassword() throws IOException {
        Path header = Files.writeString(folder.resolve("header"), "X-Token: hidden\n");
        Path netrc = Files.writeString(folder.resolve("netrc"), "default login me password hidden\n");
        fetching.environment.put("NETRC", netrc.toString());
        url = home.address() + "/{version}/app.tar.gz?header=file:" + header;
        store.answer(message -> Answer.of(200, CONTENT));
    }

    @AfterEach
    void close() throws IOException {
        home.close();
        store.close();
    }

    @Test
    void credentialsFollowARedirectWithinTheirOrigin() throws Exception {
        home.answer(message -> message.target().equals("/there") ? Answer.of(200, CONTENT) : Answer.redirect("/there"));
        assertThat(fetch(fetching.source(url))).isEqualTo(CONTENT);
        assertThat(home.asked).hasSize(2).allSatisfy(message -> {
            assertThat(message.header("X-Token")).hasValue("hidden");
            assertThat(message.header("Authorization")).hasValue("Basic bWU6aGlkZGVu");
        });
    }

    @Test
    void credentialsDoNotFollowARedirectToAnotherOrigin() throws Exception {
        home.answer(message -> Answer.redirect(store.address() + "/there"));
        assertThat(fetch(fetching.source(url))).isEqualTo(CONTENT);
        assertThat(home.asked.get(0).headers()).containsKeys("x-token", "authorization");
        assertThat(store.asked).singleElement().satisfies(message -> assertThat(message.headers())
                .doesNotContainKeys("x-token", "authorization"));
    }

    @Test
    void credentialsDoNotComeBackFromAnotherOrigin() throws Exception {
        home.answer(message -> message.target().equals("/back")
                ? Answer.of(200, CONTENT)
                : Answer.redirect(store.address() + "/there"));
        store.answer(message -> Answer.redirect(home.address() + "/back"));
        assertThat(fetch(fetching.source(url))).isEqualTo(CONTENT);
        assertThat(home.asked.get(1).headers()).doesNotContainKeys("x-token", "authorization");
    }

    @Test
    void anEndlessRedirectIsGivenUp() {
        home.answer(message -> Answer.redirect("/" + home.asked.size()));
        assertThatThrownBy(() -> fetch(fetching.source(url)))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("more than 10 times");
        assertThat(home.asked).hasSize(11);
    }

    @Test
    void aRedirectFromEncryptedToPlainIsFollowedOnlyWhereThatIsAllowed() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder);
        fetching.environment.put("SSL_CERT_FILE", certificate.pem().toString());
        try (HttpStandIn secured = HttpStandIn.secured(certificate)) {
            secured.answer(message -> Answer.redirect(store.address() + "/plain"));
            String from = secured.address() + "/{version}/app.tar.gz";
            assertThatThrownBy(() -> fetch(fetching.source(from, false)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("by http://, which is not encrypted")
                    .hasMessageContaining("--allow-http");
            assertThat(store.asked).isEmpty();
            assertThat(fetch(fetching.source(from, true))).isEqualTo(CONTENT);
        }
    }

    @Test
    void aRedirectToNowhereIsRefused() {
        for (String nowhere : new String[] {"file:///etc/passwd", "http://me:hidden@127.0.0.1/", "::", "http:///x"}) {
            home.answer(message -> Answer.redirect(nowhere));
            assertThatThrownBy(() -> fetch(fetching.source(url)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("nothing can be fetched from")
                    .hasMessageNotContaining("hidden");
        }
    }

    @Test
    void aRefusalAfterARedirectNamesWhoRefused() {
        home.answer(message -> Answer.redirect(store.address() + "/there?signature=hidden"));
        store.answer(message -> Answer.of(403, ""));
        assertThatThrownBy(() -> fetch(fetching.source(url)))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("127.0.0.1:" + store.port() + " answered 403")
                .hasMessageNotContaining("hidden");
    }
}
