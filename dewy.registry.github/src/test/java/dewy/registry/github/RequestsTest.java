package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.NOON;
import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.registry.github.FakeGitHub.Exchanged;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Counts the requests of a deployment, and compares them with what users were told. */
class RequestsTest {
    private final FakeGitHub github = new FakeGitHub();
    private final OpenApi description = OpenApi.read();
    private final Map<String, String> counted = new LinkedHashMap<>();

    RequestsTest() throws IOException {
        github.environment.put("GH_TOKEN", "ghp_secret");
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void areAsFewAsTheTableSays() throws Exception {
        String checksum = FakeGitHub.digest("old").hex() + "  old.zip\n";
        github.release(
                "v1.0.0", github.asset("old.zip", "old", "null", "uploaded"), github.asset("old.zip.sha256", checksum));
        github.release("v1.1.0", github.asset("app.zip", "12345"));
        GitHubAccess access = github.access();
        GitHubRegistry registry = github.registry(access);
        GitHubArtifactSource source = github.source(access);

        Cursor cursor = registry.poll(call(), Optional.empty()).cursor();
        count("the first poll");
        assertThat(registry.poll(call(), Optional.of(cursor)).releases()).isEmpty();
        count("a poll and nothing is new");
        github.releases.replaceAll(json -> json.replace("\"download_count\":0", "\"download_count\":1"));
        assertThat(registry.poll(call(), Optional.of(cursor)).releases()).isEmpty();
        count("a poll after a download or an audit file");

        Deliverable found = deliverable("v1.1.0", "app.zip");
        deploy(registry, source, found);
        count("a deployment");
        deploy(registry, source, deliverable("v1.0.0", "old.zip"));
        count("a deployment, with checksums in a file");
        String named = "ghr://acme/app@v1.1.0?asset=app.zip";
        ArtifactSource elsewhere =
                new GitHubArtifactProvider(access).open(PluginUrl.parse(named), TestApp.in(Path.of(".")));
        Artifact located = ((Locating) elsewhere).locate(found.release());
        Artifact described = ((Locating) elsewhere).describe(call(), found.release(), located);
        elsewhere
                .open(call(), new Deliverable(found.release(), described), 0, Optional.empty())
                .close();
        count("an asset named by `--artifact ghr://owner/repository@tag?asset=`");
        source.open(
                        call(),
                        found,
                        2,
                        Optional.of("\"" + FakeGitHub.digest("12345").hex() + "\""))
                .close();
        count("a download that broke off");
        registry.report(call(), new DeploymentReport(found, "h", "server", NOON, Optional.empty()));
        count("a report");

        github.environment.put("GITHUB_APP_ID", "123");
        github.environment.put("GITHUB_APP_INSTALLATION_ID", "4711");
        github.environment.put("GITHUB_APP_PRIVATE_KEY", TestKeys.pkcs1(TestKeys.generate()));
        registry.poll(call(), Optional.of(cursor));
        registry.poll(call(), Optional.of(cursor));
        github.exchanges.removeIf(exchanged -> exchanged.asked().method().equals("GET"));
        count("a GitHub App, once an hour");

        assertThat(counted).containsExactlyEntriesOf(documented());
    }

    private Deliverable deliverable(String tag, String artifact) throws Exception {
        Deliverable found = github.deliverable(github.registry(), tag, artifact);
        github.exchanges.clear();
        return found;
    }

    private static void deploy(GitHubRegistry registry, GitHubArtifactSource source, Deliverable found)
            throws Exception {
        Deliverable described =
                new Deliverable(found.release(), registry.describe(call(), found.release(), found.artifact()));
        assertThat(described.artifact().digest()).isPresent();
        try (ArtifactStream stream = source.open(call(), described, 0, Optional.empty())) {
            assertThat(stream.bytes().readAllBytes()).isNotEmpty();
        }
    }

    /** Takes note of what was asked since the last time. */
    private void count(String when) {
        counted.put(when, github.exchanges.stream().map(this::shown).collect(Collectors.joining(", ")));
        github.exchanges.clear();
    }

    private String shown(Exchanged exchanged) {
        String operation = description.find(exchanged.asked()).orElseThrow().name();
        return "`" + operation + "` " + exchanged.answer().status();
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/github.md"))) {
            String[] cells = line.split(" *\\| *", -1);
            if (cells.length == 5 && cells[2].startsWith("`") && cells[2].contains("/")) {
                table.put(cells[1], cells[2]);
            }
        }
        return table;
    }
}
