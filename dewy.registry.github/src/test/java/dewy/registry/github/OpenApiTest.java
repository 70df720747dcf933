package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.NOON;
import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.NotFoundException;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.Parameters;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Poll;
import dewy.api.release.Deliverable;
import dewy.registry.github.FakeGitHub.Exchanged;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked, and what the stand-in answers, is as GitHub's published description has it. */
class OpenApiTest {
    private static final Map<String, String> NO_HEADERS = Map.of();
    private static final String LIST = "/repos/acme/app/releases";

    private final FakeGitHub github = new FakeGitHub();
    private final OpenApi description = OpenApi.read();

    OpenApiTest() throws IOException {
        github.environment.put("GITHUB_APP_ID", "123");
        github.environment.put("GITHUB_APP_INSTALLATION_ID", "4711");
        github.environment.put("GITHUB_APP_PRIVATE_KEY", TestKeys.pkcs1(TestKeys.generate()));
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void everyRequestAndEveryAnswerIsAsDescribed() throws Exception {
        github.release("v0.9.0");
        github.releases.add(0, github.json("", true));
        String sums = FakeGitHub.digest("12345").hex() + "  app.zip\n";
        github.release(
                "v1.0.0", github.asset("app.zip", "12345", "null", "uploaded"), github.asset("app.zip.sha256", sums));
        github.perPage = 1;

        deploy(github.access());
        assertThatThrownBy(() -> new ReleasePages(github.access().api(parameters()), repository()).find(call(), "v7"))
                .isInstanceOf(NotFoundException.class);

        Set<String> used = new TreeSet<>();
        for (Exchanged exchanged : github.exchanges) {
            assertThat(description.check(exchanged.asked(), exchanged.answer())).isEmpty();
            used.add(description.find(exchanged.asked()).orElseThrow().name());
        }
        assertThat(used).containsExactlyInAnyOrderElementsOf(description.operations());
    }

    @Test
    void tellsWhatIsNotAsDescribed() throws Exception {
        Answer empty = json(200, "[]");
        assertThat(description.check(get(LIST + "?per_page=100&page=2"), empty)).isEmpty();
        assertThat(wrong(get("/repos/acme/releases"), empty)).contains("no operation is described");
        assertThat(wrong(new Asked("PUT", LIST, NO_HEADERS, ""), empty)).contains("no operation is described");
        assertThat(wrong(get(LIST + "?per_page=all"), empty)).contains("per_page");
        assertThat(wrong(get(LIST + "?size=1"), empty)).contains("there is no parameter size");
        assertThat(wrong(get(LIST), Answer.of(200, "[]"))).contains("not this type of content");
        assertThat(wrong(get(LIST), json(418, "[]"))).contains("418 is not described");
        assertThat(wrong(get(LIST), Answer.of(304, ""))).contains("304 is not described");
        assertThat(wrong(get(LIST), json(200, "{}"))).contains("array expected");
        String release = github.json("v1.0.0", false, github.asset("app.zip", "12345"));
        assertThat(description.check(get(LIST), json(200, "[" + release + "]"))).isEmpty();
        for (String field :
                List.of("\"tag_name\":\"v1.0.0\",", "\"size\":5,", "\"node_id\":\"U_7\",", "\"tarball_url\":null,")) {
            assertThat(release).contains(field);
            assertThat(wrong(get(LIST), json(200, "[" + release.replace(field, "") + "]")))
                    .contains("required property");
        }
        assertThat(wrong(get(LIST), json(200, "[" + release.replace("\"size\":5", "\"size\":\"5\"") + "]")))
                .contains("integer expected");
        assertThat(wrong(get(LIST), json(200, "[" + release.replace("\"uploaded\"", "\"done\"") + "]")))
                .contains("state");
        assertThat(wrong(get(LIST), json(200, "[" + release.replace("2026-01-01T", "yesterday ") + "]")))
                .contains("date-time");
    }

    private void deploy(GitHubAccess access) throws Exception {
        GitHubRegistry registry = github.registry(access);
        GitHubArtifactSource source = github.source(access);
        Poll poll = registry.poll(call(), Optional.empty());
        assertThat(registry.poll(call(), Optional.of(poll.cursor())).releases()).isEmpty();
        Deliverable found = github.deliverable(github.registry(access), "v1.0.0", "app.zip");
        registry.describe(call(), found.release(), found.artifact());
        try (ArtifactStream stream = source.open(call(), found, 0, Optional.empty());
                ArtifactStream rest = source.open(call(), found, 2, stream.validator())) {
            assertThat(rest.offset()).isEqualTo(2);
        }
        github.registry(access).report(call(), new DeploymentReport(found, "h", "server", NOON, Optional.empty()));
    }

    private static Parameters parameters() throws Exception {
        return Parameters.of(FakeGitHub.url());
    }

    private static Repository repository() throws Exception {
        return Repository.of(FakeGitHub.url(), parameters());
    }

    private static Asked get(String target) {
        return new Asked("GET", target, NO_HEADERS, "");
    }

    private static Answer json(int status, String body) {
        return Answer.of(status, body).with("Content-Type", "application/json; charset=utf-8");
    }

    private String wrong(Asked asked, Answer answer) throws IOException {
        return String.join("\n", description.check(asked, answer));
    }
}
