package dewy.registry.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.http.SharedConnections;
import dewy.tck.TestApp;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GitHubUrlTest {
    private final Map<String, String> environment = new HashMap<>();
    private final GitHubAccess access = new GitHubAccess(
            name -> Optional.ofNullable(environment.get(name)),
            InstantSource.system(),
            new SharedConnections(Duration.ofSeconds(1)));

    @Test
    void acceptsRepositories() throws Exception {
        for (String url : List.of("github://acme/app", "github://acme/app/", "ghr://a-b/.github", "github://x_y/a.b")) {
            open(url);
        }
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        environment.put("GITHUB_API_URL", "ftp://x");
        environment.put("GITHUB_APP_ID", "1");
        assertThatThrownBy(() -> open("github://ac%20me/a/b?tokn=x&slot=y"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("its owner can be none on GitHub")
                .hasMessageContaining("\"a/b\" can be no repository")
                .hasMessageContaining("GITHUB_API_URL must be an address")
                .hasMessageContaining("the environment has no GITHUB_APP_INSTALLATION_ID")
                .hasMessageContaining("unknown parameter \"tokn\"")
                .hasMessageContaining("unknown parameter \"slot\"");
    }

    @Test
    void refusesWhatIsNoRepository() {
        for (String url : List.of("github:", "github://acme", "github://acme/", "github:///app", "github://acme/..")) {
            assertThatThrownBy(() -> open(url)).isInstanceOf(InvalidException.class);
        }
    }

    @Test
    void doesNotShowAUserInAnAddress() {
        assertThatThrownBy(() -> open("github://user:secret@acme/app"))
                .isInstanceOf(InvalidException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void theAddressIsTheFirstThatTheEnvironmentNames() {
        assertThat(address()).isEqualTo("https://api.github.com");
        environment.put("GITHUB_ENDPOINT", "https://ghe.example.com/api/v3/");
        assertThat(address()).isEqualTo("https://ghe.example.com/api/v3");
        environment.put("GITHUB_API_URL", "https://other.example.com:8443");
        assertThat(address()).isEqualTo("https://other.example.com:8443");
    }

    @Test
    void plainHttpIsForThisHostOnly() throws Exception {
        for (String address : List.of("http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:8080/api")) {
            environment.put("GITHUB_API_URL", address);
            open("github://acme/app");
        }
        for (String address : List.of(
                "http://github.example.com",
                "http://127.0.0.1.example.com",
                "https://user:secret@ghe.example.com",
                "https://ghe.example.com/?token=secret",
                "https://",
                "ghe.example.com",
                "::secret")) {
            environment.put("GITHUB_API_URL", address);
            assertThatThrownBy(() -> open("github://acme/app"))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void credentialsGoToTheApiAndItsUploadsOnly() {
        ApiAddress api = ApiAddress.PUBLIC;
        assertThat(api.isHome(URI.create("https://API.github.com:443/x"))).isTrue();
        assertThat(api.takesUploads(URI.create("https://uploads.github.com/x"))).isTrue();
        for (String other : List.of(
                "http://api.github.com/x",
                "https://api.github.com:444/x",
                "https://uploads.github.com/x",
                "https://api.github.com.example.com/x",
                "https://api.github.com@example.com/x",
                "https://user@api.github.com/x",
                "/x")) {
            assertThat(api.isHome(URI.create(other))).as(other).isFalse();
        }
        assertThat(api.takesUploads(URI.create("https://uploads.example.com/x")))
                .isFalse();
        ApiAddress enterprise = new ApiAddress(URI.create("https://ghe.example.com/api/v3"));
        assertThat(enterprise.takesUploads(URI.create("https://ghe.example.com/api/uploads/x")))
                .isTrue();
        assertThat(enterprise.takesUploads(URI.create("https://uploads.github.com/x")))
                .isFalse();
    }

    private String address() {
        return access.api(Parameters.of("try", "it", Map.of())).address().base().toString();
    }

    private void open(String url) throws Exception {
        TestApp app = TestApp.in(Path.of("."));
        new GitHubRegistryProvider(access).open(PluginUrl.parse(url), app).close();
        new GitHubArtifactProvider(access).open(PluginUrl.parse(url), app).close();
    }
}
