package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.REPOSITORY;
import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.UnreachableException;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GitHubRegistryPollTest {
    private final FakeGitHub github;
    private final GitHubRegistry registry;

    GitHubRegistryPollTest() throws Exception {
        github = new FakeGitHub();
        github.environment.put("GH_TOKEN", "ghp_secret");
        registry = github.registry();
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void reportsReleasesWithTheirArtifactsSizesDigestsAndTimes() throws Exception {
        github.release("v1.0.0", github.asset("app_linux_amd64.tar.gz", "12345"));

        assertThat(releases())
                .containsExactly(new Release(
                        "v1.0.0",
                        Optional.of(Instant.parse("2026-02-03T04:05:06Z")),
                        List.of(new Artifact(
                                Artifact.Kind.ARCHIVE,
                                "app_linux_amd64.tar.gz",
                                "github://acme/app/releases/assets/1000",
                                OptionalLong.of(5),
                                Optional.of(FakeGitHub.digest("12345"))))));
    }

    @Test
    void tellsHowManyMoreRequestsGitHubAnswers() throws Exception {
        github.release("v1.0.0", github.asset("app.tar.gz", "x"));
        Poll first = poll(Optional.empty());
        assertThat(first.callsLeft()).hasValue(4_990);
        assertThat(poll(Optional.of(first.cursor())).callsLeft()).hasValue(4_990);
    }

    @Test
    void anIdlePollIsOneConditionalRequest() throws Exception {
        github.release("v1.0.0", github.asset("app.tar.gz", "x"));
        Cursor cursor = poll(Optional.empty()).cursor();
        github.takeAsked();

        Poll idle = poll(Optional.of(cursor));

        assertThat(idle.releases()).isEmpty();
        List<Asked> asked = github.takeAsked();
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).target()).isEqualTo(REPOSITORY + "/releases?per_page=100");
        assertThat(asked.get(0).header("If-None-Match")).isPresent();
        assertThat(asked.get(0).header("Authorization")).hasValue("Bearer ghp_secret");
        assertThat(asked.get(0).header("Accept")).hasValue("application/vnd.github+json");
        assertThat(asked.get(0).header("X-GitHub-Api-Version")).hasValue("2022-11-28");
        assertThat(asked.get(0).header("User-Agent")).hasValue("dewy");
    }

    @Test
    void anIdlePollOfManyPagesIsOneConditionalRequest() throws Exception {
        publish(5);
        github.perPage = 2;
        Cursor cursor = poll(Optional.empty()).cursor();
        assertThat(github.takeAsked()).hasSize(3);

        assertThat(poll(Optional.of(cursor)).releases()).isEmpty();
        assertThat(github.takeAsked()).hasSize(1);
    }

    @Test
    void theCursorOfAnEarlierInstanceMakesTheFirstPollConditional() throws Exception {
        github.release("v1.0.0", github.asset("app.tar.gz", "x"));
        Cursor cursor = poll(Optional.empty()).cursor();
        github.takeAsked();

        Poll idle = github.registry().poll(call(), Optional.of(cursor));

        assertThat(idle.callsLeft(OptionalLong.empty())).isEqualTo(Poll.unchanged(cursor));
        assertThat(github.takeAsked()).hasSize(1);
    }

    @Test
    void aCursorThatIsNotUnderstoodCountsAsNone() throws Exception {
        github.release("v1.0.0");

        for (String state : List.of("", "0 x y", "1 x \"a\"\r\nEvil: 1", "1")) {
            assertThat(github.registry()
                            .poll(call(), Optional.of(new Cursor(state)))
                            .releases())
                    .isPresent();
        }
        assertThat(github.takeAsked())
                .allSatisfy(asked -> assertThat(asked.header("If-None-Match")).isEmpty());
    }

    @Test
    void aReleaseLookedAtAgainWithoutACursorCostsNoMoreThanAnIdlePoll() throws Exception {
        github.release("v1.0.0");
        poll(Optional.empty());
        github.takeAsked();

        assertThat(releases()).extracting(Release::tag).containsExactly("v1.0.0");
        assertThat(github.takeAsked()).singleElement().satisfies(asked -> assertThat(asked.header("If-None-Match"))
                .isPresent());
    }

    @Test
    void aNewReleaseIsAChange() throws Exception {
        github.release("v1.0.0");
        Cursor cursor = poll(Optional.empty()).cursor();
        github.release("v1.1.0");

        assertThat(poll(Optional.of(cursor)).releases().orElseThrow())
                .extracting(Release::tag)
                .containsExactly("v1.1.0", "v1.0.0");
    }

    @Test
    void anAssetUploadedAgainIsAChange() throws Exception {
        github.release("v1.0.0", github.asset("app.tar.gz", "x"));
        Cursor cursor = poll(Optional.empty()).cursor();
        github.releases.clear();
        github.release("v1.0.0", github.asset("app.tar.gz", "x"));

        assertThat(poll(Optional.of(cursor)).releases()).isPresent();
    }

    @Test
    void downloadsAndAuditFilesAreNoChange() throws Exception {
        String asset = github.asset("app.tar.gz", "x");
        github.release("v1.0.0", asset);
        Cursor cursor = poll(Optional.empty()).cursor();
        String audit = github.asset("shipped_to_host-1_server_at_20260301T120000Z.txt", "v1.0.0");
        String before = github.releases.get(0);
        github.releases.set(
                0, before.replace(asset, asset.replace("\"download_count\":0", "\"download_count\":9") + "," + audit));
        assertThat(github.releases.get(0)).isNotEqualTo(before);

        assertThat(poll(Optional.of(cursor)).releases()).isEmpty();
        github.takeAsked();
        // Core may keep the cursor of before.
        assertThat(poll(Optional.of(cursor)).releases()).isEmpty();
        assertThat(github.takeAsked()).singleElement().satisfies(asked -> assertThat(asked.header("If-None-Match"))
                .hasValue("W/\""
                        + FakeGitHub.digest("[" + github.releases.get(0) + "]").hex() + "\""));
    }

    @Test
    void leavesOutDrafts() throws Exception {
        github.release("v1.0.0");
        github.releases.add(0, github.json("v2.0.0", true, github.asset("app.tar.gz", "x")));

        assertThat(releases()).extracting(Release::tag).containsExactly("v1.0.0");
    }

    @Test
    void aDraftWithoutATagDoesNotHideTheReleases() throws Exception {
        github.release("v1.0.0");
        github.releases.add(0, github.json("", true));

        assertThat(releases()).extracting(Release::tag).containsExactly("v1.0.0");
    }

    @Test
    void aDigestOfAnUnknownKindDoesNotHideTheReleases() throws Exception {
        github.release("v1.0.0", github.asset("app.tar.gz", "x", "\"sha3-256:abcd\"", "uploaded"));

        assertThat(releases().get(0).artifacts()).singleElement().satisfies(artifact -> assertThat(artifact.digest())
                .isEmpty());
    }

    @Test
    void reportsAReleaseThatLacksItsArtifactSoThatCoreAwaitsIt() throws Exception {
        github.release("v1.0.0", github.asset("app.tar.gz", "x", "null", "starter"));

        assertThat(releases())
                .containsExactly(new Release("v1.0.0", Optional.of(Instant.parse("2026-02-03T04:05:06Z")), List.of()));
    }

    @Test
    void leavesOutWhatIsNoArtifactAndNoSignature() throws Exception {
        github.release(
                "v1.0.0",
                github.asset("app.tar.gz", "x"),
                github.asset("app.tar.gz.sha256", "x"),
                github.asset("app_1.0.0_checksums.txt", "x"),
                github.asset("SHA256SUMS", "x"),
                github.asset("app.tar.gz.asc", "x"),
                github.asset("app.tar.gz.sig", "x"),
                github.asset("shipped_to_h_server_at_20260301T120000Z.txt", "x"));

        assertThat(releases().get(0).artifacts())
                .extracting(Artifact::name)
                .containsExactly("app.tar.gz", "app.tar.gz.sig");
    }

    @Test
    void readsPageAfterPageWithinBounds() throws Exception {
        publish(20);
        github.perPage = 3;

        assertThat(releases())
                .extracting(Release::tag)
                .hasSize(15)
                .startsWith("v20.0.0")
                .endsWith("v6.0.0");
        assertThat(github.takeAsked()).hasSize(5);
    }

    @Test
    void asksConditionallyForFurtherPages() throws Exception {
        publish(4);
        github.perPage = 2;
        poll(Optional.empty());
        github.takeAsked();
        github.releases.set(0, github.json("v4.0.0", false, github.asset("late.tar.gz", "x")));

        assertThat(releases()).extracting(Release::tag).containsExactly("v4.0.0", "v3.0.0", "v2.0.0", "v1.0.0");
        assertThat(github.takeAsked()).hasSize(2).allSatisfy(asked -> assertThat(asked.header("If-None-Match"))
                .isPresent());
    }

    @Test
    void doesNotFollowPagesToAnotherHost() throws Exception {
        github.instead.put(
                "/releases",
                Answer.of(200, "[]").with("Link", "<" + github.store.address() + "/releases?page=2>; rel=\"next\""));

        assertThatThrownBy(() -> poll(Optional.empty()))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("its next page is not at the address of the API");
        assertThat(github.store.asked).isEmpty();
    }

    @Test
    void followsARenamedRepositoryWithItsCredentials() throws Exception {
        github.release("v1.0.0");
        github.instead.put(
                "/repos/acme/app/",
                Answer.of(301, "{\"message\":\"Moved Permanently\"}")
                        .with("Location", github.api.address() + "/repositories/7/releases?per_page=100"));
        github.instead.put("/repositories/7/", Answer.of(200, "[" + github.releases.get(0) + "]"));

        assertThat(releases()).hasSize(1);
        assertThat(github.takeAsked()).hasSize(2).allSatisfy(asked -> assertThat(asked.header("Authorization"))
                .hasValue("Bearer ghp_secret"));
    }

    @Test
    void givesUpOnARedirectThatLeadsInCircles() {
        github.instead.put("/releases", Answer.of(302, "").with("Location", github.api.address() + "/a/releases"));
        github.instead.put("/a/releases", Answer.of(302, "").with("Location", github.api.address() + "/b/releases"));

        assertThatThrownBy(() -> poll(Optional.empty())).isInstanceOf(UnreachableException.class);
        assertThat(github.takeAsked()).hasSize(11);
    }

    @Test
    void whatIsNoListOfReleasesIsNotMistakenForNone() {
        for (String body : List.of("", "{}", "null", "<html>", "[{\"id\":1}]", "[{\"id\":1,\"tag_name\":\"v1\"")) {
            github.instead.put("/releases", Answer.of(200, body));

            assertThatThrownBy(() -> poll(Optional.empty()))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageStartingWith("Cannot list the releases of acme/app: the answer cannot be used");
        }
    }

    private List<Release> releases() throws Exception {
        return poll(Optional.empty()).releases().orElseThrow();
    }

    private Poll poll(Optional<Cursor> cursor) throws Exception {
        return registry.poll(call(), cursor);
    }

    private void publish(int count) {
        for (int major = 1; major <= count; major++) {
            github.release("v" + major + ".0.0");
        }
    }
}
