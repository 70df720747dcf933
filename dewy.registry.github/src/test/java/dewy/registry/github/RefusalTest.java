package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.NOON;
import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.NotFoundException;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final long NOON_SECONDS = NOON.getEpochSecond();

    private final FakeGitHub github;
    private final GitHubRegistry registry;

    RefusalTest() throws Exception {
        github = new FakeGitHub();
        github.environment.put("GH_TOKEN", "ghp_secret");
        registry = github.registry();
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void thePrimaryRateLimitLastsUntilItsReset() {
        for (int status : new int[] {403, 429}) {
            Answer answer = said(status, "API rate limit exceeded for user ID 1.")
                    .with("x-ratelimit-remaining", "0")
                    .with("x-ratelimit-reset", "" + (NOON_SECONDS + 1_234));
            assertThat(limit(answer).until()).isEqualTo(NOON.plusSeconds(1_234));
        }
    }

    @Test
    void aResetCountsFromTheServersClock() {
        Answer answer = said(403, "API rate limit exceeded")
                .with("Date", "Sun, 01 Mar 2026 11:00:00 GMT")
                .with("x-ratelimit-remaining", "0")
                .with("x-ratelimit-reset", "" + (NOON_SECONDS - 3_600 + 100));
        assertThat(limit(answer).until()).isEqualTo(NOON.plusSeconds(100));
    }

    @Test
    void theSecondaryRateLimitLastsAsLongAsRetryAfterSays() {
        for (int status : new int[] {403, 429}) {
            assertThat(limit(said(status, "You have exceeded a secondary rate limit.")
                                    .with("Retry-After", "77"))
                            .until())
                    .isEqualTo(NOON.plusSeconds(77));
        }
        assertThat(limit(said(429, "")
                                .with("Date", "Sun, 01 Mar 2026 12:00:00 GMT")
                                .with("Retry-After", "Sun, 01 Mar 2026 12:02:00 GMT"))
                        .until())
                .isEqualTo(NOON.plusSeconds(120));
    }

    @Test
    void anOutageLastsAsLongAsRetryAfterSays() {
        assertThat(limit(said(503, "maintenance").with("Retry-After", "77")).until())
                .isEqualTo(NOON.plusSeconds(77));
    }

    @Test
    void aRateLimitThatSaysNoTimeLastsAMinute() {
        for (Answer answer : List.of(
                said(403, "You have exceeded a secondary rate limit and have been temporarily blocked."),
                said(403, "You have exceeded a secondary rate limit").with("x-ratelimit-remaining", "42"),
                said(429, "slow down"),
                said(429, "").with("Retry-After", "soon"))) {
            assertThat(limit(answer).until()).isEqualTo(NOON.plusSeconds(60));
        }
    }

    @Test
    void aTimeThatIsOverOrFarAwayIsNotBelieved() {
        Answer exhausted = said(403, "API rate limit exceeded").with("x-ratelimit-remaining", "0");
        assertThat(limit(exhausted.with("x-ratelimit-reset", "1")).until()).isEqualTo(NOON.plusSeconds(1));
        assertThat(limit(exhausted.with("x-ratelimit-reset", "99999999999")).until())
                .isEqualTo(NOON.plus(Duration.ofHours(24)));
    }

    @Test
    void withoutATokenARateLimitAdvisesOne() {
        github.environment.remove("GH_TOKEN");
        assertThat(limit(said(429, ""))).hasMessageContaining("with GH_TOKEN set");
    }

    @Test
    void aWrongTokenIsUnauthorized() {
        assertThat(failure(said(401, "Bad credentials")))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessage("Cannot list the releases of acme/app: GitHub answered 401, \"Bad credentials\". Check that"
                        + " the token in GH_TOKEN is valid, not expired and not revoked");
    }

    @Test
    void aTokenWithoutPermissionIsUnauthorized() {
        Answer answer = said(403, "Resource not accessible by integration").with("x-ratelimit-remaining", "4999");
        assertThat(failure(answer))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("Give the token in GH_TOKEN access to the repository: contents read");
        assertThat(failure(answer.with("X-GitHub-SSO", "required; url=https://github.example/sso?secret")))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("Authorize the token in GH_TOKEN for the single sign-on")
                .hasMessageNotContaining("sso?secret");
    }

    @Test
    void whatIsNotFoundMayBePrivate() {
        assertThat(failure(said(404, "Not Found")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("and that the token in GH_TOKEN can see it");
        github.environment.remove("GH_TOKEN");
        assertThat(failure(said(404, "Not Found")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("Check the owner and the name; set GH_TOKEN")
                .hasMessageContaining("private repository");
    }

    @Test
    void anErrorOfTheServerIsUnreachable() {
        for (int status : new int[] {500, 502, 503, 504, 418}) {
            assertThat(failure(Answer.of(status, "<html>\u0007a\nb"))).isInstanceOf(UnreachableException.class);
        }
    }

    @Test
    void aBrokenConnectionIsUnreachable() throws Exception {
        assertThat(failure(Answer.of(200, "[{\"id\":").with("Content-Length", "100")))
                .isInstanceOf(UnreachableException.class);
        ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        nobody.close();
        github.environment.put("GITHUB_API_URL", "http://127.0.0.1:" + nobody.getLocalPort());
        assertThat(catchThrowable(() -> github.registry().poll(call(), Optional.empty())))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("no connection to 127.0.0.1");
    }

    @Test
    void aRequestEndsWithTheTimeOfItsCall() {
        github.instead.put(
                "/releases", Answer.of(200, "[").with("Content-Length", "100").hanging());
        try (CancellableCall call = CancellableCall.of("test", Duration.ofMillis(300))) {
            assertThat(catchThrowable(() -> registry.poll(call, Optional.empty())))
                    .isInstanceOf(ExpiredException.class);
        }
        try (CancellableCall call = CancellableCall.of("test", Duration.ZERO)) {
            assertThat(catchThrowable(() -> registry.poll(call, Optional.empty())))
                    .isInstanceOf(ExpiredException.class);
        }
        assertThat(github.api.asked).hasSize(1);
    }

    private RateLimitedException limit(Answer answer) {
        Throwable failure = failure(answer);
        assertThat(failure).isInstanceOf(RateLimitedException.class);
        return (RateLimitedException) failure;
    }

    private Throwable failure(Answer answer) {
        github.instead.put("/releases", answer);
        Throwable failure = catchThrowable(() -> registry.poll(call(), Optional.empty()));
        assertThat(failure).isInstanceOf(DewyException.class);
        return failure;
    }

    private static Answer said(int status, String message) {
        return Answer.of(status, "{\"message\":\"" + message + "\",\"documentation_url\":\"https://docs.example\"}");
    }
}
