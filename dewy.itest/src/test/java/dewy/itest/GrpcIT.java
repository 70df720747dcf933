package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.grpc.RegistryServer;
import dewy.registry.grpc.RegistryServer.Report;
import dewy.tck.Await;
import dewy.tck.TestAuthority;
import io.grpc.Status;
import io.grpc.TlsServerCredentials.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server selects, as a black box: the jar against a server of grpc-java. */
@Timeout(240)
class GrpcIT {
    @TempDir
    Path folder;

    private RegistryServer server = new RegistryServer();

    GrpcIT() throws IOException {}

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void deploysOneVersionAfterTheOtherAndReportsEach() throws Exception {
        select("41", "v1.0.0", "one");
        try (AgentProcess agent = agent(plain())) {
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
            assertThat(page()).hasContent("one");
            select("42", "v2.0.0", "two");
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v2.0.0");
            assertThat(page()).hasContent("two");
            agent.await("Deploy skipped");
            assertReported(
                    new Report("41", "v1.0.0", "assets", Optional.empty()),
                    new Report("42", "v2.0.0", "assets", Optional.empty()));
            assertThat(agent.stop()).isZero();
            assertThat(agent.count("Deployment completed")).isEqualTo(2);
        }
    }

    @Test
    void goesBackToAnOlderVersionThatIsSelected() throws Exception {
        select("42", "v2.0.0", "two");
        try (AgentProcess agent = agent(plain())) {
            agent.await("Deployment completed");
            select("41", "v1.0.0", "one");
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
            assertThat(page()).hasContent("one");
        }
    }

    @Test
    void reportsWhatIsNoGoodAndKeepsWhatIsDeployed() throws Exception {
        select("41", "v1.0.0", "one");
        try (AgentProcess agent = agent(plain())) {
            agent.await("Deployment completed");
            Path broken = Files.writeString(folder.resolve("broken.tar.gz"), "this is no archive");
            server.select("42", "v2.0.0", "file://" + broken, Instant.now());
            String error = agent.await("Release quarantined").getOrDefault("error", "");
            assertThat(page()).hasContent("one");
            Await.until(() -> "two reports: " + server.reports, () -> server.reports.size() == 2);
            Report report = server.reports.get(1);
            assertThat(report.id()).isEqualTo("42");
            assertThat(report.tag()).isEqualTo("v2.0.0");
            assertThat(report.error().orElse("")).isNotEmpty().isEqualTo(error);
        }
    }

    @Test
    void trustsTheServerOnceItsAuthorityIsNamed() throws Exception {
        TestAuthority authority = TestAuthority.in(folder);
        server.close();
        server = RegistryServer.secured(authority, "server", ClientAuth.NONE);
        select("41", "v1.0.0", "one");
        try (AgentProcess agent = agent(server.address())) {
            assertThat(failure(agent)).contains(server.address(), "certification path", "ca=");
            assertThat(page()).doesNotExist();
        }
        try (AgentProcess agent = agent(server.address() + "?ca=" + authority.pem())) {
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
    }

    @Test
    void asksInPlainTextWhereItIsToldToAlone() throws Exception {
        select("41", "v1.0.0", "one");
        try (AgentProcess agent = agent(server.address())) {
            assertThat(failure(agent)).contains(server.address());
            assertThat(page()).doesNotExist();
        }
        try (AgentProcess agent = agent(plain())) {
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
    }

    @Test
    void keepsWhatIsDeployedWhileTheServerIsAway() throws Exception {
        select("41", "v1.0.0", "one");
        try (AgentProcess agent = agent(plain())) {
            agent.await("Deployment completed");
            server.refuse(Status.UNAVAILABLE.withDescription("under maintenance"));
            assertThat(failure(agent)).contains(server.address(), "UNAVAILABLE: under maintenance");
            select("42", "v2.0.0", "two");
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v2.0.0");
            agent.await("Deploy recovered");
            server.stop();
            assertThat(failure(agent)).contains("no connection to it can be made");
            assertThat(page()).hasContent("two");
            select("43", "v3.0.0", "three");
            server.restart();
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v3.0.0");
            assertReported(
                    new Report("41", "v1.0.0", "assets", Optional.empty()),
                    new Report("42", "v2.0.0", "assets", Optional.empty()),
                    new Report("43", "v3.0.0", "assets", Optional.empty()));
        }
    }

    @Test
    void waitsNoLongerForAnAnswerThanItIsToldTo() throws Exception {
        server.hang();
        try (AgentProcess agent = agent(plain(), "--poll-timeout", "1s")) {
            assertThat(failure(agent)).contains("1s");
            select("41", "v1.0.0", "one");
            agent.await("Deployment completed");
            server.refuse(Status.DEADLINE_EXCEEDED);
            assertThat(failure(agent)).contains("did not answer in time");
        }
    }

    @Test
    void stopsWhileAnAnswerIsAwaited() throws Exception {
        server.hang();
        try (AgentProcess agent = agent(plain())) {
            server.hanging.await();
            assertThat(agent.stop()).as(agent.output()).isZero();
        }
    }

    @Test
    void awaitsTheAddressOfAnArtifactForAsLongAsTheGracePeriod() throws Exception {
        server.select("41", "v1.0.0", "", Instant.now());
        try (AgentProcess agent = agent(plain())) {
            agent.await("Artifact not found within grace period");
            assertThat(agent.count("Deploy failure")).isZero();
            select("41", "v1.0.0", "one");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
            server.select("42", "v2.0.0", "", Instant.now().minus(Duration.ofMinutes(31)));
            assertThat(failure(agent)).contains("v2.0.0 does not have");
            assertThat(page()).hasContent("one");
            assertReported(new Report("41", "v1.0.0", "assets", Optional.empty()));
        }
    }

    @Test
    void awaitsWhatIsNotYetAtItsAddressForAsLongAsTheGracePeriod() throws Exception {
        String missing = "file://" + folder.resolve("v1.0.0.tar.gz");
        server.select("41", "v1.0.0", missing, Instant.now());
        try (AgentProcess agent = agent(plain())) {
            agent.await("Artifact not found within grace period");
            assertThat(agent.count("Deploy failure")).isZero();
            server.select("41", "v1.0.0", missing, Instant.now().minus(Duration.ofMinutes(31)));
            assertThat(failure(agent)).contains("v1.0.0 does not have", "v1.0.0.tar.gz");
            select("41", "v1.0.0", "one");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
            assertReported(new Report("41", "v1.0.0", "assets", Optional.empty()));
        }
    }

    private void select(String id, String tag, String page) throws IOException {
        Path artifact = folder.resolve(tag + ".tar.gz");
        Registry.writeArchive(artifact, Map.of("page.html", page));
        server.select(id, tag, "file://" + artifact, Instant.now());
    }

    /** A report is sent beside what the log tells. */
    private void assertReported(Report... reports) {
        Await.until(
                () -> reports.length + " reports: " + server.reports, () -> server.reports.size() >= reports.length);
        assertThat(server.reports).containsExactly(reports);
    }

    private static String failure(AgentProcess agent) throws InterruptedException {
        return agent.await("Deploy failure").getOrDefault("error", "");
    }

    private Path page() {
        return folder.resolve("app/current/page.html");
    }

    private String plain() {
        return server.address() + "?no-tls=true";
    }

    private AgentProcess agent(String registry, String... more) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        return AgentProcess.start(folder, AgentProcess.arguments("assets", registry, app, more));
    }
}
