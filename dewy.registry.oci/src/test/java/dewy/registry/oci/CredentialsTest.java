package dewy.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.registry.oci.FakeRegistry.Access;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a registry is shown who asks. */
@Timeout(60)
class CredentialsTest {
    private final FakeRegistry remote = new FakeRegistry();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    CredentialsTest() throws IOException {}

    @BeforeEach
    void prepare() {
        environment.put("DOCKER_CONFIG", folder.toString());
        environment.put("DOCKER_USERNAME", FakeRegistry.USER);
        environment.put("DOCKER_PASSWORD", FakeRegistry.PASSWORD);
        remote.access = Access.TOKEN;
        remote.push("v1.0.0", TestImage.of("linux/amd64", "x"));
    }

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Test
    void fetchesATokenOnceForWhatTheRegistryNames() throws Exception {
        try (OpenRegistry open = open()) {
            open.poll();
            open.image("v1.0.0");
        }
        assertThat(remote.scopes).containsExactly("registry.test repository:app:pull,push");
        assertThat(remote.api.asked.stream()
                        .filter(asked -> asked.header("Authorization").isEmpty()))
                .hasSize(1);
        assertThat(shown(remote.tokens)).containsExactly(FakeRegistry.basic(FakeRegistry.USER, FakeRegistry.PASSWORD));
        assertThat(shown(remote.api)).noneMatch(shown -> shown.startsWith("Basic"));
    }

    @Test
    void fetchesTheNextTokenBeforeOneEnds() throws Exception {
        try (OpenRegistry open = open()) {
            for (int i = 0; i < 20; i++) {
                open.poll();
                remote.pass(Duration.ofMinutes(1));
            }
        }
        assertThat(remote.scopes).hasSize(4);
        assertThat(remote.asked("GET tags")).as("with one refusal, the first").isEqualTo(21);
    }

    @Test
    void fetchesAnotherTokenWhereOneEndsSooner() throws Exception {
        try (OpenRegistry open = open()) {
            open.poll();
            remote.token = token -> "{\"token\":\"" + token + "\",\"expires_in\":300}";
            remote.lifetime = Duration.ofSeconds(10);
            remote.pass(Duration.ofMinutes(5));
            assertThat(open.poll()).isEmpty();
            remote.pass(Duration.ofSeconds(11));
            assertThat(open.poll()).isEmpty();
        }
        assertThat(remote.scopes).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'access_token':'%s'}",
                "{'token':'','access_token':'%s','expires_in':null}",
                "{'expires_in':'60','token':'%s'}"
            })
    void takesATokenByEitherNameForAMinuteWhereNoTimeIsTold(String form) throws Exception {
        remote.lifetime = Duration.ofSeconds(60);
        remote.token = token -> String.format(form.replace('\'', '"'), token);
        try (OpenRegistry open = open()) {
            open.poll();
            remote.pass(Duration.ofSeconds(44));
            open.poll();
            assertThat(remote.scopes).hasSize(1);
            remote.pass(Duration.ofSeconds(2));
            open.poll();
            assertThat(remote.scopes).hasSize(2);
        }
    }

    @Test
    void asksForAllThatIsNamed() throws Exception {
        remote.scope = "repository:app:pull,push repository:base/image:pull";
        try (OpenRegistry open = open()) {
            open.poll();
        }
        assertThat(remote.scopes).containsExactly("registry.test repository:app:pull,push repository:base/image:pull");
        assertThat(remote.tokens.asked.get(0).target())
                .contains("scope=repository%3Aapp%3Apull%2Cpush&scope=repository%3Abase%2Fimage%3Apull");
    }

    @Test
    void asksForThePullOfItsRepositoryWhereNothingIsNamed() throws Exception {
        String realm = "Bearer realm=\"" + remote.tokens.address() + "/token?account=robot\"";
        remote.tampering = answer -> answer.status() == 401 ? answer.with("Www-Authenticate", realm) : answer;
        try (OpenRegistry open = open()) {
            open.poll();
        }
        assertThat(remote.tokens.asked.get(0).target()).isEqualTo("/token?account=robot&scope=repository%3Aapp%3Apull");
    }

    @Test
    void choosesTheTokenAmongSeveralWays() throws Exception {
        String ways = "Negotiate, Basic realm=\"all, of them\", bearer service=\"registry.test\" , REALM=\""
                + remote.tokens.address() + "/token\",scope=\"repository:app:pull\", Digest realm=\"x\", nonce=\"y\"";
        remote.tampering = answer -> answer.status() == 401 ? answer.with("Www-Authenticate", ways) : answer;
        try (OpenRegistry open = open()) {
            assertThat(open.poll()).isPresent();
        }
        assertThat(remote.scopes).containsExactly("registry.test repository:app:pull");
    }

    @Test
    void showsAPasswordWhereThatIsWanted() throws Exception {
        remote.access = Access.PASSWORD;
        try (OpenRegistry open = open()) {
            open.poll();
            open.image("v1.0.0");
        }
        assertThat(remote.asked("GET tags")).isEqualTo(2);
        assertThat(remote.tokens.asked).isEmpty();
        assertThat(shown(remote.store)).isEmpty();
    }

    @Test
    void looksForAnotherPasswordWhenOneIsRefused() throws Exception {
        remote.access = Access.PASSWORD;
        environment.put("DOCKER_PASSWORD", "old");
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll).isInstanceOf(UnauthorizedException.class);
            environment.put("DOCKER_PASSWORD", FakeRegistry.PASSWORD);
            assertThat(open.poll()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PASSWORD", "TOKEN"})
    void namesTheWrongCredentialsAndNotWhatTheyAre(Access access) throws Exception {
        remote.access = access;
        environment.put("DOCKER_PASSWORD", "wrong_" + FakeRegistry.PASSWORD);
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll)
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("answered 401")
                    .hasMessageContaining("DOCKER_USERNAME and DOCKER_PASSWORD")
                    .hasMessageNotContaining(FakeRegistry.PASSWORD);
        }
        assertThat(remote.api.asked.size() + remote.tokens.asked.size())
                .as("requests")
                .isEqualTo(2);
    }

    @Test
    void refreshesATokenByWhatALoginLeft() throws Exception {
        environment.keySet().removeIf(name -> !name.equals("DOCKER_CONFIG"));
        config("{\"auths\":{\"127.0.0.1:" + remote.api.port() + "\":{\"auth\":\"PHRva2VuPjo=\",\"identitytoken\":\""
                + FakeRegistry.REFRESH + "\"}}}");
        try (OpenRegistry open = open()) {
            open.poll();
        }
        assertThat(remote.tokens.asked.get(0).method()).isEqualTo("POST");
        assertThat(remote.tokens.asked.get(0).target()).isEqualTo("/token");
        assertThat(remote.scopes).containsExactly("registry.test repository:app:pull,push");
        assertThat(shown(remote.tokens)).isEmpty();
    }

    @Test
    void saysThatALoginEnded() throws Exception {
        environment.keySet().removeIf(name -> !name.equals("DOCKER_CONFIG"));
        config("{\"auths\":{\"127.0.0.1:" + remote.api.port() + "\":{\"identitytoken\":\"ended\"}}}");
        remote.tokens.answer(asked -> Answer.of(400, "{\"error\":\"invalid_grant\"}"));
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll)
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("the token service 127.0.0.1:" + remote.tokens.port() + " answered 400")
                    .hasMessageContaining(folder.resolve("config.json").toString());
        }
    }

    @Test
    void showsTheRegistryATokenThatIsMeantForIt() throws Exception {
        environment.keySet().removeIf(name -> !name.equals("DOCKER_CONFIG"));
        config("{\"auths\":{\"127.0.0.1:" + remote.api.port() + "\":{\"registrytoken\":\"given\"}}}");
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll).isInstanceOf(UnauthorizedException.class);
        }
        assertThat(shown(remote.api)).containsExactly("Bearer given");
        assertThat(remote.tokens.asked).isEmpty();
    }

    @Test
    void asksAsNobodyWhereThereIsNoLogin() throws Exception {
        environment.keySet().removeIf(name -> !name.equals("DOCKER_CONFIG"));
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll)
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("if it is private, log in by docker login");
        }
        assertThat(shown(remote.tokens)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://tokens.example/token",
                "ftp://127.0.0.1/token",
                "https://user@tokens.example/",
                "/token",
                "%"
            })
    void showsNoCredentialsWhereTheyCanBeRead(String realm) throws Exception {
        remote.tampering =
                answer -> answer.with("Www-Authenticate", "Bearer realm=\"" + realm + "\",service=\"registry.test\"");
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll)
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("names no address of a token service to which a password may be shown");
        }
    }

    @Test
    void followsARedirectOfTheTokenServiceWithoutTheCredentials() throws Exception {
        remote.tokens.answer(asked -> Answer.redirect(remote.store.address() + "/token"));
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll).isInstanceOf(UnreachableException.class);
        }
        assertThat(remote.store.asked).hasSize(1).allMatch(asked -> asked.header("Authorization")
                .isEmpty());
    }

    @Test
    void aLimitOfTheTokenServiceHolds() throws Exception {
        remote.tokens.answer(asked -> Answer.of(429, "").with("Retry-After", "30"));
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll).isInstanceOf(RateLimitedException.class);
        }
    }

    @Test
    void aTokenServiceThatIsDownIsNoRefusal() throws Exception {
        remote.tokens.answer(asked -> Answer.of(404, ""));
        try (OpenRegistry open = open()) {
            assertThatThrownBy(open::poll).isInstanceOf(UnreachableException.class);
        }
    }

    @Test
    void pullsAsWhoeverPolls() throws Exception {
        try (OpenRegistry open = open()) {
            Optional<dewy.api.release.RegistryLogin> login = open.login(remote.repository() + ":v1.0.0");
            assertThat(login).isPresent();
            assertThat(login.get().server()).isEqualTo("127.0.0.1:" + remote.api.port());
            assertThat(login.get().user()).isEqualTo(FakeRegistry.USER);
            assertThat(login.get().secret()).isEqualTo(FakeRegistry.PASSWORD);
            assertThat(login.get().toString()).doesNotContain(FakeRegistry.PASSWORD);
            assertThat(open.login(remote.repository())).isEqualTo(login);
            assertThat(open.login("ghcr.io/acme/app:v1.0.0")).isEmpty();
        }
    }

    private OpenRegistry open() throws Exception {
        return new OpenRegistry(remote.url(), folder, environment, remote.clock());
    }

    private void config(String content) throws IOException {
        Files.writeString(folder.resolve("config.json"), content);
    }

    private static List<String> shown(dewy.tck.HttpStandIn to) {
        return to.asked.stream()
                .flatMap(asked -> asked.header("Authorization").stream())
                .distinct()
                .toList();
    }
}
