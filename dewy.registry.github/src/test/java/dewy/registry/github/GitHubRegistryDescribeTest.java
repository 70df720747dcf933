package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GitHubRegistryDescribeTest {
    private static final String HEX = FakeGitHub.digest("12345").hex();
    private static final Digest DIGEST = FakeGitHub.digest("12345");

    private final FakeGitHub github;
    private final GitHubRegistry registry;

    GitHubRegistryDescribeTest() throws Exception {
        github = new FakeGitHub();
        registry = github.registry();
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void asksNothingWhenGitHubKnowsTheDigest() throws Exception {
        github.release("v1.0.0", github.asset("app.zip", "12345"), github.asset("app.zip.sha256", "wrong"));

        assertThat(describe().digest()).hasValue(DIGEST);
        assertThat(github.takeAsked()).hasSize(1);
    }

    @Test
    void readsTheFileThatBelongsToTheArtifact() throws Exception {
        for (String content : List.of(HEX, HEX + "  app.zip\n", "SHA256 (app.zip) = " + HEX, HEX + " *dist/app.zip")) {
            github.releases.clear();
            publish("app.zip.sha256", content);

            assertThat(describe().digest()).hasValue(DIGEST);
        }
    }

    @Test
    void readsTheLineOfTheArtifactInAList() throws Exception {
        publish("checksums.txt", "# sums\n" + "0".repeat(64) + "  other.zip\n\n" + HEX + "  app.zip\n");

        assertThat(describe().digest()).hasValue(DIGEST);
    }

    @Test
    void looksTheReleaseUpWhenItIsNotRemembered() throws Exception {
        publish("checksums.txt", HEX + "  app.zip\n");
        Deliverable found = github.deliverable(registry, "v1.0.0", "app.zip");

        Artifact described = github.registry().describe(call(), found.release(), found.artifact());

        assertThat(described.digest()).hasValue(DIGEST);
    }

    @Test
    void anArtifactThatNoChecksumIsAboutHasNone() throws Exception {
        publish("checksums.txt", HEX + "  other.zip\n");

        assertThat(describe().digest()).isEmpty();
    }

    @Test
    void saysWhichChecksumCannotBeUnderstood() throws Exception {
        for (String content : List.of("", "nonsense", "d41d8cd98f00b204e9800998ecf8427e  app.zip")) {
            github.releases.clear();
            publish("app.zip.sha256", content);

            assertThatThrownBy(this::describe)
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("app.zip.sha256");
        }
    }

    @Test
    void refusesAChecksumFileThatIsTooLarge() throws Exception {
        publish("checksums.txt", "x".repeat((1 << 20) + 1));

        assertThatThrownBy(this::describe)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("larger than 1 MiB");
    }

    private void publish(String name, String checksums) {
        github.release("v1.0.0", github.asset("app.zip", "12345", "null", "uploaded"), github.asset(name, checksums));
    }

    private Artifact describe() throws Exception {
        Deliverable found = github.deliverable(registry, "v1.0.0", "app.zip");
        assertThat(found.artifact().size()).hasValue(5);
        return registry.describe(call(), found.release(), found.artifact());
    }
}
