package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.call;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    private static final KeyPair KEYS = TestKeys.generate();

    private final FakeGitHub github;
    private final GitHubRegistry registry;

    CredentialsTest() throws Exception {
        github = new FakeGitHub();
        github.release("v1.0.0");
        registry = github.registry();
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void asksAnonymouslyWithoutCredentials() throws Exception {
        poll();
        assertThat(authorizations()).containsExactly(Optional.empty());
    }

    @Test
    void ghTokenComesBeforeGithubToken() throws Exception {
        github.environment.put("GITHUB_TOKEN", "second");
        poll();
        github.environment.put("GH_TOKEN", "first");
        poll();
        assertThat(authorizations()).containsExactly(Optional.of("Bearer second"), Optional.of("Bearer first"));
    }

    @Test
    void aTokenMayBeInAFileThatIsReadForEachRequest(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "one\n");
        github.environment.put("GH_TOKEN", "file:" + file);
        poll();
        Files.writeString(file, "two\n");
        poll();
        assertThat(authorizations()).containsExactly(Optional.of("Bearer one"), Optional.of("Bearer two"));
    }

    @Test
    void aTokenWithLineBreaksIsRefusedWithoutShowingIt() {
        github.environment.put("GH_TOKEN", "sec\r\nret");
        assertThatThrownBy(this::poll)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("GH_TOKEN")
                .hasMessageNotContaining("sec\r");
    }

    @Test
    void aGitHubAppComesFirstWithASignedToken() throws Exception {
        github.environment.put("GH_TOKEN", "ghp_secret");
        useApp(TestKeys.pkcs1(KEYS));
        poll();

        List<Asked> asked = github.takeAsked();
        assertThat(asked.get(0).method()).isEqualTo("POST");
        assertThat(asked.get(0).target()).isEqualTo("/app/installations/4711/access_tokens");
        verifyJwt(asked.get(0).header("Authorization").orElseThrow().substring("Bearer ".length()));
        assertThat(asked.get(1).header("Authorization")).hasValue("Bearer ghs_installation1");
    }

    @Test
    void theKeyMayBePkcs8OrHaveEscapedLineBreaksOrBeInAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key.pem"), TestKeys.pkcs8(KEYS));
        List<String> given = List.of(TestKeys.pkcs8(KEYS), TestKeys.pkcs1(KEYS).replace("\n", "\\n"), "");
        for (String key : given) {
            useApp(key);
            if (key.isEmpty()) {
                github.environment.remove("GITHUB_APP_PRIVATE_KEY");
                github.environment.put("GITHUB_APP_PRIVATE_KEY_PATH", file.toString());
            }
            github.registry().poll(call(), Optional.empty());
            List<Asked> asked = github.takeAsked();
            assertThat(asked).hasSize(2);
            verifyJwt(asked.get(0).header("Authorization").orElseThrow().substring("Bearer ".length()));
        }
    }

    @Test
    void anInstallationTokenIsKeptUntilFiveMinutesBeforeItExpires() throws Exception {
        useApp(TestKeys.pkcs1(KEYS));
        for (long minute : new long[] {0, 30, 54}) {
            github.now = FakeGitHub.NOON.plus(Duration.ofMinutes(minute));
            poll();
        }
        assertThat(tokensFetched()).isEqualTo(1);

        github.now = FakeGitHub.NOON.plus(Duration.ofMinutes(55));
        github.takeAsked();
        poll();
        List<Asked> asked = github.takeAsked();
        assertThat(asked).hasSize(2);
        assertThat(asked.get(1).header("Authorization")).hasValue("Bearer ghs_installation2");
    }

    @Test
    void aRefusedInstallationTokenIsNotUsedAgain() throws Exception {
        useApp(TestKeys.pkcs1(KEYS));
        github.instead.put("/repos/", Answer.of(401, "{\"message\":\"Bad credentials\"}"));
        assertThatThrownBy(this::poll).isInstanceOf(UnauthorizedException.class);
        github.instead.clear();
        poll();
        assertThat(tokensFetched()).isEqualTo(2);
    }

    @Test
    void aClockThatIsWrongIsCorrectedByGitHubs() throws Exception {
        useApp(TestKeys.pkcs1(KEYS));
        for (long minutes : new long[] {-90, -5, 0, 15, 90}) {
            github.ahead = Duration.ofMinutes(minutes);
            GitHubRegistry fresh = github.registry();
            fresh.poll(call(), Optional.empty());
            assertThat(tokensFetched()).as("%s min", minutes).isEqualTo(minutes == 0 ? 1 : 2);
            github.takeAsked();

            github.now = github.now.plus(Duration.ofMinutes(54));
            fresh.poll(call(), Optional.empty());
            assertThat(tokensFetched()).isZero();
            github.now = github.now.plus(Duration.ofMinutes(1));
            fresh.poll(call(), Optional.empty());
            assertThat(tokensFetched()).isEqualTo(1);
            github.takeAsked();
        }
    }

    @Test
    void aKeyThatIsRefusedThoughTheClocksAgreeIsNotTriedTwice() {
        useApp(TestKeys.pkcs1(KEYS));
        github.instead.put(
                "/app/",
                Answer.of(401, "{\"message\":\"Bad credentials\"}").with("Date", "Sun, 01 Mar 2026 12:00:20 GMT"));
        assertThatThrownBy(this::poll).isInstanceOf(UnauthorizedException.class);
        assertThat(tokensFetched()).isEqualTo(1);
    }

    @Test
    void severalThreadsFetchOneInstallationToken() throws Exception {
        useApp(TestKeys.pkcs1(KEYS));
        GitHubAccess access = github.access();
        List<CompletableFuture<Object>> polls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            GitHubRegistry one = github.registry(access);
            polls.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return one.poll(call(), Optional.empty());
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (CompletableFuture<Object> poll : polls) {
            poll.get(20, TimeUnit.SECONDS);
        }
        assertThat(tokensFetched()).isEqualTo(1);
    }

    @Test
    void saysThatTheAppIsRefused() {
        useApp(TestKeys.pkcs1(KEYS));
        github.instead.put("/app/", Answer.of(401, "{\"message\":\"A JSON web token could not be decoded\"}"));
        assertThatThrownBy(this::poll)
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("Cannot fetch an installation token of the GitHub App 123")
                .hasMessageContaining("the key of the GitHub App 123 is valid");
    }

    @Test
    void whatIsNoTokenIsNotUsed() {
        useApp(TestKeys.pkcs1(KEYS));
        for (String body :
                List.of("{}", "[]", "{\"token\":\"ghs_x\",\"expires_at\":\"soon\"}", "{\"token\":\"a b\"}")) {
            github.instead.put("/app/", Answer.of(201, body));
            assertThatThrownBy(this::poll).hasMessageContaining("the answer cannot be used");
        }
    }

    @Test
    void aKeyThatIsNoneIsNotShown() throws Exception {
        String damaged = TestKeys.pkcs1(KEYS).replaceFirst("MII", "AAA");
        for (String key : List.of("c2VjcmV0", damaged, TestKeys.pkcs1(KEYS).substring(0, 500))) {
            useApp(key);
            assertThatThrownBy(this::poll)
                    .isInstanceOf(InvalidException.class)
                    .hasMessageStartingWith("Cannot use the private key of the GitHub App")
                    .hasMessageNotContaining(key.length() > 100 ? key.substring(80, 100) : key)
                    .hasNoCause();
        }
    }

    @Test
    void namesEverythingThatAnAppLacksWhenItIsOpened() {
        github.environment.put("GITHUB_APP_ID", "a b");
        assertThatThrownBy(github::registry)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("GITHUB_APP_ID is neither a number nor a client id")
                .hasMessageContaining("the environment has no GITHUB_APP_INSTALLATION_ID")
                .hasMessageContaining("neither GITHUB_APP_PRIVATE_KEY nor GITHUB_APP_PRIVATE_KEY_PATH");
        assertThatThrownBy(this::poll).isInstanceOf(InvalidException.class);
    }

    @Test
    void saysThatTheKeyFileCannotBeRead(@TempDir Path folder) throws Exception {
        useApp("");
        github.environment.remove("GITHUB_APP_PRIVATE_KEY");
        Path large = Files.write(folder.resolve("large"), new byte[100_000]);
        for (Path file : List.of(folder.resolve("none"), folder, large)) {
            github.environment.put("GITHUB_APP_PRIVATE_KEY_PATH", file.toString());
            assertThatThrownBy(this::poll)
                    .isInstanceOf(InvalidException.class)
                    .hasMessageStartingWith("Cannot read the private key " + file);
        }
    }

    private void useApp(String key) {
        github.environment.put("GITHUB_APP_ID", "123");
        github.environment.put("GITHUB_APP_INSTALLATION_ID", "4711");
        github.environment.put("GITHUB_APP_PRIVATE_KEY", key);
    }

    private void poll() throws Exception {
        registry.poll(call(), Optional.empty());
    }

    private List<Optional<String>> authorizations() {
        return github.takeAsked().stream()
                .map(asked -> asked.header("Authorization"))
                .toList();
    }

    private long tokensFetched() {
        return github.api.asked.stream()
                .filter(asked -> asked.method().equals("POST"))
                .count();
    }

    private static void verifyJwt(String jwt) throws Exception {
        String[] parts = jwt.split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(decode(parts[0])).isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
        long noon = FakeGitHub.NOON.getEpochSecond();
        assertThat(decode(parts[1]))
                .isEqualTo("{\"iat\":" + (noon - 60) + ",\"exp\":" + (noon + 540) + ",\"iss\":\"123\"}");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KEYS.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }
}
