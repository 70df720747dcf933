package dewy.itest;

import dewy.registry.github.FakeGitHub;
import dewy.tck.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** Releases from GitHub, and notifications to the log. */
class GitHubSwapIT extends SwapLoop {
    private final FakeGitHub github = new FakeGitHub();

    GitHubSwapIT() throws IOException {}

    @AfterEach
    void closeGitHub() throws IOException {
        github.close();
    }

    @Override
    List<String> plugins() {
        return List.of("dewy.registry.github", "dewy.notifier.log");
    }

    @Override
    public List<String> options() {
        return List.of("--registry", "github://acme/app", "--notifier", "log:");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("GITHUB_API_URL", github.api.address(), "GH_TOKEN", "ghp_thisIsTheToken");
    }

    @Override
    public void publish(String version, Path archive) throws IOException {
        Path kept = folder.resolve(version + ".tar.gz");
        Content content = Content.of(Files.copy(archive, kept, StandardCopyOption.REPLACE_EXISTING));
        String digest = "\"" + FakeGitHub.digest(content) + "\"";
        github.release(version, github.asset("app.tar.gz", content, digest, "uploaded"));
    }

    @Override
    List<String> told(AgentProcess agent) {
        return agent.texts("Notification");
    }
}
