package dewy.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.release.Artifact;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PollTest {
    private final FakeRegistry remote = new FakeRegistry();
    private OpenRegistry open;

    @TempDir
    Path folder;

    PollTest() throws IOException {}

    @BeforeEach
    void open() throws Exception {
        open = new OpenRegistry(remote.url(), folder, Map.of("DOCKER_CONFIG", folder.toString()), remote.clock());
    }

    @AfterEach
    void close() throws IOException {
        open.close();
        remote.close();
    }

    @Test
    void listsFiftyThousandTagsAndThenForTenMinutesLooksAtWhatCountsAlone() throws Exception {
        TestImage image = TestImage.of("linux/amd64", "many");
        remote.push(IntStream.range(0, 50_000).mapToObj(i -> "v1." + i + ".0"), image);
        assertThat(open.poll().orElseThrow()).hasSize(50_000);
        assertThat(remote.asked("GET tags")).isEqualTo(50);

        open.complete("v1.49999.0");
        remote.pass(Duration.ofMinutes(9));
        assertThat(open.poll()).isEmpty();
        assertThat(remote.asked("GET tags")).isEqualTo(50);
        assertThat(remote.asked("HEAD manifests/v1.49999.0")).isEqualTo(2);

        remote.push("v2.0.0", image);
        remote.pass(Duration.ofMinutes(1));
        assertThat(open.poll().orElseThrow()).hasSize(50_001).contains("v2.0.0");
    }

    @Test
    void anIdlePollIsTheListAndOneLookThatIsNoPull() throws Exception {
        push("v1.0.0", "first");
        open.poll();
        open.image("v1.0.0");
        remote.api.asked.clear();
        assertThat(open.poll()).isEmpty();
        assertThat(remote.requests()).containsExactly("GET tags/list?n=1000", "HEAD manifests/v1.0.0");
    }

    @Test
    void anIdlePollReadsNoListThatTheRegistryKnowsToBeTheSame() throws Exception {
        remote.etags = true;
        push("v1.0.0", "first");
        open.poll();
        open.complete("v1.0.0");
        assertThat(open.poll()).isEmpty();
        assertThat(remote.api.asked.get(2).header("If-None-Match")).isPresent();
        push("v1.1.0", "second");
        assertThat(open.poll().orElseThrow()).containsExactly("v1.0.0", "v1.1.0");
    }

    @Test
    void aTagThatWasPushedAgainIsANewRelease() throws Exception {
        remote.etags = true;
        push("v1.0.0", "first");
        open.poll();
        Artifact before = open.image("v1.0.0");
        assertThat(open.poll()).isEmpty();

        push("v1.0.0", "second");
        assertThat(open.poll().orElseThrow()).containsExactly("v1.0.0");
        assertThat(open.image("v1.0.0")).isNotEqualTo(before);
        assertThat(open.poll()).isEmpty();
    }

    @Test
    void aTagThatWasDeletedIsNoReleaseAnyMore() throws Exception {
        push("v1.0.0", "first");
        push("v1.1.0", "second");
        open.poll();
        open.complete("v1.1.0");
        remote.delete("v1.1.0");
        assertThat(open.complete("v1.1.0").artifacts()).isEmpty();
        assertThat(open.poll().orElseThrow()).containsExactly("v1.0.0");
    }

    @Test
    void leavesOutSignaturesAndWhatIsNoTag() throws Exception {
        push("v1.0.0", "first");
        push("latest", "first");
        push("sha256-" + "a".repeat(64) + ".sig", "signature");
        push("sha256-" + "a".repeat(64), "referrers");
        push("v1?x=../../other", "odd");
        assertThat(open.poll().orElseThrow()).containsExactly("latest", "v1.0.0");
    }

    @Test
    void anUnderscoreInATagIsThePlusSignOfItsVersion() throws Exception {
        push("v1.0.0_blue", "first");
        push("v1.1.0-rc.1_green", "second");
        push("night_ly", "third");
        assertThat(open.poll().orElseThrow()).containsExactly("night_ly", "v1.0.0+blue", "v1.1.0-rc.1+green");
        Artifact image = open.image("v1.0.0+blue");
        assertThat(image.location()).isEqualTo(remote.repository() + ":v1.0.0_blue");
        assertThat(image.digest()).isPresent();
        assertThat(open.poll()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "address", "query", "plain address behind a proxy", "upper case"})
    void goesFromPageToPageHoweverTheNextIsNamed(String how) throws Exception {
        remote.pageSize = 2;
        remote.link = next -> switch (how) {
            case "address" -> remote.api.address() + next;
            case "query" -> next.substring(next.indexOf('?'));
            case "plain address behind a proxy" -> "http://127.0.0.1" + next;
            default -> next;
        };
        if (how.equals("upper case")) {
            remote.tampering = answer -> answer.headers().containsKey("link")
                    ? answer.without("link").with("LINK", answer.headers().get("link"))
                    : answer;
        }
        for (String tag : List.of("v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.4.0")) {
            push(tag, tag);
        }
        assertThat(open.poll().orElseThrow()).hasSize(5);
    }

    @Test
    void followsNoLinkToAnotherHost() throws Exception {
        authenticate();
        remote.pageSize = 1;
        remote.link = next -> "http://localhost:" + remote.store.port() + next;
        push("v1.0.0", "first");
        push("v1.1.0", "second");
        assertThatThrownBy(open::poll)
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("its next page is at another host, localhost");
        assertThat(remote.store.asked).isEmpty();
    }

    @Test
    void endsWhereAListGoesInCircles() throws Exception {
        remote.pageSize = 1;
        remote.link = next -> "/v2/app/tags/list?n=1000";
        push("v1.0.0", "first");
        push("v1.1.0", "second");
        assertThat(open.poll().orElseThrow()).containsExactly("v1.0.0");
    }

    @Test
    void goesOnWithAListThatBrokeOff() throws Exception {
        remote.pageSize = 1;
        for (String tag : List.of("v1.0.0", "v1.1.0", "v1.2.0")) {
            push(tag, tag);
        }
        remote.tampering = answer -> remote.asked("GET tags") == 3 ? answer.cutAt(5) : answer;
        assertThatThrownBy(open::poll).isInstanceOf(UnreachableException.class);
        assertThat(open.poll().orElseThrow()).containsExactly("v1.0.0", "v1.1.0", "v1.2.0");
        assertThat(remote.asked("GET tags")).isEqualTo(4);
    }

    @Test
    void beginsAListAnewThatBrokeOffLongAgo() throws Exception {
        remote.pageSize = 1;
        push("v1.0.0", "first");
        push("v1.1.0", "second");
        remote.tampering = answer -> remote.asked("GET tags") == 2 ? Answer.of(502, "") : answer;
        assertThatThrownBy(open::poll).isInstanceOf(UnreachableException.class);
        remote.delete("v1.0.0");
        remote.pass(Duration.ofMinutes(10));
        assertThat(open.poll().orElseThrow()).containsExactly("v1.1.0");
    }

    @Test
    void aLimitHoldsUntilTheTimeThatIsTold() {
        remote.tampering = answer -> FakeRegistry.error(429, "TOOMANYREQUESTS", "You have reached your pull rate limit")
                .with("Retry-After", "90");
        RateLimitedException limited = catchThrowableOfType(RateLimitedException.class, open::poll);
        assertThat(limited.until()).isEqualTo(Instant.parse("2026-03-01T12:01:30Z"));
        assertThat(limited.problem().sentence())
                .contains(remote.repository(), "TOOMANYREQUESTS: You have reached your pull rate limit", "who logs in");
    }

    @Test
    void aLimitWithoutATimeHoldsForAMinute() {
        remote.tampering = answer -> Answer.of(429, "");
        RateLimitedException limited = catchThrowableOfType(RateLimitedException.class, open::poll);
        assertThat(limited.until()).isEqualTo(Instant.parse("2026-03-01T12:01:00Z"));
        remote.tampering = answer -> Answer.of(429, "")
                .with(
                        "X-RateLimit-Reset",
                        "" + Instant.parse("2026-03-01T14:00:00Z").getEpochSecond());
        limited = catchThrowableOfType(RateLimitedException.class, open::poll);
        assertThat(limited.until()).isEqualTo(Instant.parse("2026-03-01T14:00:00Z"));
    }

    @Test
    void saysToLogInWhereNobodyIsLetIn() {
        remote.tampering = answer -> FakeRegistry.error(401, "UNAUTHORIZED", "authentication required");
        assertThatThrownBy(open::poll)
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("docker login 127.0.0.1:" + remote.api.port())
                .hasMessageContaining("DOCKER_USERNAME");
    }

    private void push(String tag, String label) {
        remote.push(tag, TestImage.of("linux/amd64", label));
    }

    private void authenticate() throws Exception {
        remote.access = FakeRegistry.Access.PASSWORD;
        open.close();
        open = new OpenRegistry(
                remote.url(),
                folder,
                Map.of("DOCKER_USERNAME", FakeRegistry.USER, "DOCKER_PASSWORD", FakeRegistry.PASSWORD),
                remote.clock());
    }
}
