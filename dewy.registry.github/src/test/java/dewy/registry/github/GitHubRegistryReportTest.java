package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.artifact.ArtifactStream;
import dewy.api.registry.DeploymentReport;
import dewy.api.release.Deliverable;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GitHubRegistryReportTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:34:56.789Z");
    private static final String UPLOAD = "/repos/acme/app/releases/1001/assets?name=shipped_to_";

    private final FakeGitHub github;
    private final GitHubAccess access;
    private final GitHubRegistry registry;

    GitHubRegistryReportTest() throws Exception {
        github = new FakeGitHub();
        github.environment.put("GH_TOKEN", "ghp_secret");
        github.release("v1.0.0", github.asset("app.zip", "12345"));
        access = github.access();
        registry = github.registry(access);
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void aDeploymentIsThreeRequestsToTheApiAndOneToTheStore() throws Exception {
        Deliverable found = github.deliverable(registry, "v1.0.0", "app.zip");
        registry.describe(call(), found.release(), found.artifact());
        try (ArtifactStream stream = github.source(access).open(call(), found, 0, Optional.empty())) {
            assertThat(stream.bytes().readAllBytes()).hasSize(5);
        }
        registry.report(call(), report(found, "host-1.example", Optional.empty()));

        List<Asked> asked = github.takeAsked();
        assertThat(asked)
                .extracting(Asked::target)
                .containsExactly(
                        "/repos/acme/app/releases?per_page=100",
                        "/repos/acme/app/releases/assets/1000",
                        UPLOAD + "host-1.example_server_at_20260301T123456Z.txt");
        assertThat(asked.get(2).method()).isEqualTo("POST");
        assertThat(asked.get(2).header("Authorization")).hasValue("Bearer ghp_secret");
        assertThat(asked.get(2).header("Content-Type")).hasValue("text/plain");
        assertThat(asked.get(2).body()).isEqualTo("v1.0.0 app.zip\n");
        assertThat(github.store.asked).hasSize(1);
    }

    @Test
    void looksTheReleaseUpWhenItIsNotRemembered() throws Exception {
        github.registry().report(call(), report(found(), "h", Optional.empty()));

        assertThat(github.takeAsked())
                .extracting(Asked::target)
                .contains("/repos/acme/app/releases/tags/v1.0.0", UPLOAD + "h_server_at_20260301T123456Z.txt");
    }

    @Test
    void makesAFileNameOfAnyHostName() throws Exception {
        registry.report(call(), report(found(), "../../evil host&label=x", Optional.empty()));
        registry.report(call(), report(found(), "x".repeat(300), Optional.empty()));

        assertThat(github.takeAsked())
                .extracting(Asked::target)
                .contains(UPLOAD + "..-..-evil-host-label-x_server_at_20260301T123456Z.txt")
                .contains(UPLOAD + "x".repeat(150) + "_server_at_20260301T123456Z.txt");
    }

    @Test
    void mayReportTheSameTwice() throws Exception {
        Deliverable found = found();
        github.instead.put(
                "/assets?name",
                Answer.of(
                        422,
                        "{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":\"ReleaseAsset\","
                                + "\"code\":\"already_exists\",\"field\":\"name\"}]}"));

        registry.report(call(), report(found, "h", Optional.empty()));
    }

    @Test
    void saysThatTheReleaseTakesNoMoreFiles() throws Exception {
        Deliverable found = found();
        github.instead.put(
                "/assets?name", Answer.of(422, "{\"message\":\"Cannot upload assets to an immutable release.\"}"));

        assertThatThrownBy(() -> registry.report(call(), report(found, "h", Optional.empty())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("immutable release");
    }

    @Test
    void saysThatTheTokenMayNotWrite() throws Exception {
        Deliverable found = found();
        github.instead.put(
                "/assets?name", Answer.of(403, "{\"message\":\"Resource not accessible by personal access token\"}"));

        assertThatThrownBy(() -> registry.report(call(), report(found, "h", Optional.empty())))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("Give the token in GH_TOKEN access")
                .hasMessageContaining("write if deployments are to be recorded");
    }

    @Test
    void leavesNothingForAFailureOrWithoutAToken() throws Exception {
        Deliverable found = found();
        registry.report(call(), report(found, "h", Optional.of("it did not start")));
        github.environment.remove("GH_TOKEN");
        registry.report(call(), report(found, "h", Optional.empty()));

        assertThat(github.takeAsked()).noneMatch(asked -> asked.method().equals("POST"));
    }

    @Test
    void uploadsToNoOtherHost() throws Exception {
        github.releases.replaceAll(json -> json.replace(github.api.address() + "/repos", github.store.address()));

        assertThatThrownBy(() -> registry.report(call(), report(found(), "h", Optional.empty())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("does not belong to its API");
        assertThat(github.store.asked).isEmpty();
    }

    private Deliverable found() throws Exception {
        return github.deliverable(registry, "v1.0.0", "app.zip");
    }

    private static DeploymentReport report(Deliverable deliverable, String host, Optional<String> error) {
        return new DeploymentReport(deliverable, host, "server", AT, error);
    }
}
