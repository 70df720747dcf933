package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.release.Deliverable;
import dewy.tck.HttpStandIn;
import dewy.tck.TestApp;
import dewy.tck.TestAuthority;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GitHub Enterprise, with certificates that an authority of its own has signed. */
@Timeout(60)
class PrivateAuthorityTest {
    @TempDir
    static Path folder;

    private static TestAuthority authority;

    private FakeGitHub github;

    @BeforeAll
    static void found() throws Exception {
        authority = TestAuthority.in(folder);
    }

    @BeforeEach
    void start() throws Exception {
        github = new FakeGitHub(HttpStandIn.secured(authority.server()), HttpStandIn.secured(authority.server()));
        github.environment.put("GH_TOKEN", "ghp_secret");
        github.release("v1.0.0", github.asset("app.zip", "12345"));
    }

    @AfterEach
    void close() throws Exception {
        github.close();
    }

    @Test
    void isAskedWhereTheEnvironmentNamesTheAuthority() throws Exception {
        github.environment.put("SSL_CERT_FILE", authority.pem().toString());
        deploy("github://acme/app");
        assertThat(github.api.asked)
                .allMatch(asked -> asked.header("Authorization").isPresent());
        assertThat(github.store.asked).singleElement().satisfies(asked -> assertThat(asked.header("Authorization"))
                .isEmpty());
    }

    @Test
    void isAskedWhereTheUrlNamesTheAuthority() throws Exception {
        deploy("github://acme/app?ca=" + authority.pem());
    }

    @Test
    void isTrustedByNobodyElse() {
        assertThatThrownBy(() -> deploy("github://acme/app"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("certification path")
                .hasMessageContaining("name that in SSL_CERT_FILE");
        assertThat(github.api.asked).isEmpty();
    }

    @Test
    void forgetsNoAuthorityWhenAnotherAppNamesNone() throws Exception {
        GitHubAccess access = github.access();
        deploy(access, "github://acme/app?ca=" + authority.pem());
        assertThatThrownBy(() -> deploy(access, "github://acme/app")).isInstanceOf(UnreachableException.class);
        deploy(access, "github://acme/app?ca=" + authority.pem());
    }

    private void deploy(String url) throws Exception {
        deploy(github.access(), url);
    }

    private void deploy(GitHubAccess access, String url) throws Exception {
        TestApp app = TestApp.in(Path.of("."));
        try (Registry registry = new GitHubRegistryProvider(access).open(PluginUrl.parse(url), app);
                ArtifactSource source = new GitHubArtifactProvider(access).open(PluginUrl.parse(url), app)) {
            var release = registry.poll(call(), Optional.empty())
                    .releases()
                    .orElseThrow()
                    .get(0);
            Deliverable found = new Deliverable(release, release.artifacts().get(0));
            try (ArtifactStream stream = source.open(call(), found, 0, Optional.empty())) {
                assertThat(new String(stream.bytes().readAllBytes(), UTF_8)).isEqualTo("12345");
            }
        }
    }
}
