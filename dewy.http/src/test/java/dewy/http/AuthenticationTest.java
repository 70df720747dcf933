package dewy.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuthenticationTest {
    private final HttpStandIn registry = new HttpStandIn();
    private final HttpStandIn tokens = new HttpStandIn();
    private final HttpStandIn store = new HttpStandIn();
    private final Connections connections =
            new Connections(new Network(ProxyEnvironment.NONE, Tls.JAVA), Duration.ofSeconds(20));
    private final WebClient anonymous = new WebClient(
            connections, Authentication.NONE, refusal -> refusal.standard("Log in"), false, InstantSource.system());

    AuthenticationTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        registry.close();
        tokens.close();
        store.close();
    }

    /** As registries of images have it: the challenge names where a token is had for which right. */
    private final class TokenOfARegistry implements Authentication {
        private Optional<String> token = Optional.empty();

        @Override
        public Credentials credentials(Call call, Request request) throws InvalidException {
            return token.isPresent() ? Credentials.bearer(token.get(), "the token") : Credentials.NONE;
        }

        @Override
        public boolean refused(Call call, Refusal refusal) throws DewyException {
            for (Challenge challenge : refusal.challenges()) {
                if (challenge.scheme().equals("bearer")) {
                    URI realm = URI.create(challenge.parameter("realm").orElseThrow() + "?scope="
                            + challenge.parameter("scope").orElseThrow());
                    WebClient user = anonymous.as((c, r) -> Credentials.basic("me", "hidden", "the password"));
                    try (Response response = user.ask(call, Request.get("fetch a token", realm), 200)) {
                        token = Optional.of(new String(response.bytes(100), UTF_8));
                        return true;
                    }
                }
            }
            return false;
        }
    }

    @Test
    void answersAChallengeWithATokenAndKeepsItsCredentialsApart() throws Exception {
        tokens.answer(asked -> Answer.of(200, "tk_1"));
        store.answer(asked -> Answer.of(200, "layer"));
        registry.answer(asked -> asked.header("Authorization").equals(Optional.of("Bearer tk_1"))
                ? Answer.redirect(store.address() + "/layer")
                : challenge());
        WebClient web = anonymous.as(new TokenOfARegistry());

        assertThat(fetch(web)).isEqualTo("layer");
        assertThat(fetch(web)).isEqualTo("layer");
        assertThat(registry.asked).hasSize(3);
        assertThat(registry.asked.get(0).header("Authorization")).isEmpty();
        assertThat(tokens.asked).singleElement().satisfies(asked -> {
            assertThat(asked.target()).isEqualTo("/token?scope=repository:app:pull");
            assertThat(asked.header("Authorization")).hasValue("Basic bWU6aGlkZGVu");
        });
        assertThat(store.asked).noneMatch(asked -> asked.header("Authorization").isPresent());
    }

    @Test
    void aChallengeThatComesAgainIsARefusal() {
        tokens.answer(asked -> Answer.of(200, "tk_1"));
        registry.answer(asked -> challenge());

        assertThatThrownBy(() -> fetch(anonymous.as(new TokenOfARegistry())))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("answered 401. Log in");
        assertThat(registry.asked).hasSize(2);
    }

    @Test
    void aSignatureIsOfTheRequestAsItIsSent() throws Exception {
        registry.answer(asked -> asked.target().equals("/moved") ? Answer.of(200, "") : Answer.redirect("/moved"));
        fetch(anonymous.as((call, request) -> Credentials.of(
                Map.of("x-signature", request.method() + request.uri().getPath()), "the key")));

        assertThat(registry.asked.stream()
                        .map(asked -> asked.header("X-Signature").orElse("")))
                .containsExactly("GET/v2/app", "GET/moved");
    }

    @Test
    void credentialsAreNotShown() throws Exception {
        Credentials bearer = Credentials.bearer("tk_1", "the token");
        assertThat(bearer).hasToString("the token");
        assertThat(bearer.scrub("Bearer tk_1 is wrong: tk_1")).isEqualTo("*** is wrong: ***");
        assertThatThrownBy(() -> Credentials.bearer("se\ncret", "the token in TOKEN"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("the token in TOKEN")
                .hasMessageNotContaining("cret");
    }

    @Test
    void readsChallengesAsServersWriteThem() {
        assertThat(Challenge.parse(
                        "Bearer realm=\"https://a/token\",service=\"a, b\" , scope=x:y, Basic realm=\"q\\\"\""))
                .containsExactly(
                        new Challenge("bearer", Map.of("realm", "https://a/token", "service", "a, b", "scope", "x:y")),
                        new Challenge("basic", Map.of("realm", "q\"")));
        assertThat(Challenge.parse("Negotiate, NTLM TlRMTVNTUAAB==, basic REALM = \"x\""))
                .containsExactly(
                        new Challenge("negotiate", Map.of()),
                        new Challenge("ntlm", Map.of()),
                        new Challenge("basic", Map.of("realm", "x")));
        assertThat(Challenge.parse("")).isEmpty();
        assertThat(Challenge.parse("=\"\"")).isEmpty();
    }

    private Answer challenge() {
        return Answer.of(401, "")
                .with(
                        "WWW-Authenticate",
                        "Bearer realm=\"" + tokens.address() + "/token\",scope=\"repository:app:pull\"");
    }

    private String fetch(WebClient web) throws DewyException {
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30));
                Response response =
                        web.ask(call, Request.get("fetch", URI.create(registry.address() + "/v2/app")), 200)) {
            return new String(response.bytes(100), UTF_8);
        }
    }
}
