package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts from a web server, while a folder announces versions, as a black box. */
@Timeout(240)
class HttpArtifactIT {
    @TempDir
    Path folder;

    private final ArtifactServer server;

    HttpArtifactIT() throws IOException {
        server = new ArtifactServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void deploysFromAWebServerWhatAFolderAnnounces() throws Exception {
        announce("v1.0.0");
        upload("v1.0.0", "one");
        try (AgentProcess agent = assets("--allow-http")) {
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
            assertThat(page()).hasContent("one");
            upload("v1.1.0", "two");
            announce("v1.1.0");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("two");
            assertThat(server.asked()).containsOnlyOnce("GET /v1.1.0/site.tar.gz");
        }
    }

    @Test
    void refusesPlainHttpThatWasNotAllowed() throws Exception {
        announce("v1.0.0");
        upload("v1.0.0", "one");
        try (AgentProcess agent = assets()) {
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output()).contains(url(), "http:// is not encrypted", "--allow-http");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void namesAnUnknownPlaceholder() throws Exception {
        try (AgentProcess agent = start("https://127.0.0.1/{verison}/site.tar.gz")) {
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output()).contains("unknown placeholder {verison}");
        }
    }

    @Test
    void waitsForAnUploadWithinTheGracePeriodAndComplainsAfterIt() throws Exception {
        try (AgentProcess agent = assets("--allow-http", "--grace-period", "30m")) {
            agent.await("Deploy skipped");
            announce("v1.0.0");
            agent.await("Artifact not found within grace period");
            assertThat(agent.count("Deploy failure")).isZero();
            AssetsIT.isOld(folder.resolve("registry/v1.0.0"));
            assertThat(agent.await("Deploy failure").getOrDefault("error", ""))
                    .contains("/v1.0.0/site.tar.gz", "answered 404");
            upload("v1.0.0", "late");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("late");
        }
    }

    @Test
    void refusesAnArtifactWithAnotherDigestUntilItIsMended() throws Exception {
        announce("v1.0.0");
        upload("v1.0.0", "one");
        server.put("/v1.0.0/site.tar.gz.sha256", "0".repeat(64).getBytes(StandardCharsets.UTF_8));
        try (AgentProcess agent = assets("--allow-http")) {
            assertThat(agent.await("Deploy failure").getOrDefault("error", "")).contains("declares sha256:0000");
            MessageDigest digest = Digest.calculation("sha256");
            digest.update(server.get("/v1.0.0/site.tar.gz"));
            String line = Digest.of(digest).hex() + "  site.tar.gz\n";
            server.put("/v1.0.0/site.tar.gz.sha256", line.getBytes(StandardCharsets.UTF_8));
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
    }

    private void announce(String version) throws IOException {
        Files.createDirectories(folder.resolve("registry").resolve(version));
    }

    private void upload(String version, String page) throws IOException {
        Path archive = folder.resolve("upload.tar.gz");
        Registry.writeArchive(archive, Map.of("page.html", page));
        server.put("/" + version + "/site.tar.gz", Files.readAllBytes(archive));
    }

    private Path page() {
        return folder.resolve("app/current/page.html");
    }

    private String url() {
        return server.url("/{version}/site.tar.gz");
    }

    private AgentProcess assets(String... more) throws IOException {
        return start(url(), more);
    }

    private AgentProcess start(String artifact, String... more) throws IOException {
        Path registry = Files.createDirectories(folder.resolve("registry"));
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of("--artifact", artifact));
        arguments.addAll(List.of(more));
        return AgentProcess.start(
                folder, AgentProcess.arguments("assets", "file://" + registry, app, arguments.toArray(String[]::new)));
    }
}
