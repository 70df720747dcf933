package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code assets} as a black box. */
@Timeout(240)
class AssetsIT {
    @TempDir
    Path folder;

    @Test
    void neverMissesCurrentDuringFiftyDeployments() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "v1.0.0"));
        try (AgentProcess agent = assets(registry)) {
            agent.await("Deployment completed");
            Path page = folder.resolve("app/current/page.html");
            AtomicBoolean done = new AtomicBoolean();
            AtomicLong missed = new AtomicLong();
            AtomicLong read = new AtomicLong();
            Thread reader = new Thread(() -> {
                while (!done.get()) {
                    (Files.exists(page) ? read : missed).incrementAndGet();
                }
            });
            reader.start();
            for (int minor = 1; minor <= 50; minor++) {
                registry.publish("v1." + minor + ".0", Map.of("page.html", "v1." + minor + ".0"));
                String version = "v1." + minor + ".0";
                agent.await(
                        "the deployment of " + version,
                        record -> "Deployment completed".equals(record.get("msg"))
                                && version.equals(record.get("version")));
            }
            done.set(true);
            reader.join();
            assertThat(missed).hasValue(0);
            assertThat(read.get()).isGreaterThan(1_000);
            assertThat(page).hasContent("v1.50.0");
        }
    }

    @Test
    void skipsTheSameVersionAndPreReleases() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "stable"));
        registry.publish("v1.1.0-beta.1", Map.of("page.html", "beta"));
        try (AgentProcess agent = assets(registry)) {
            agent.await("Deployment completed");
            agent.await("Deploy skipped");
            agent.await("Deploy skipped");
            assertThat(agent.count("Deployment completed")).isEqualTo(1);
            assertThat(folder.resolve("app/current/page.html")).hasContent("stable");
        }
    }

    @Test
    void deploysTheLatestOfTheRemainingWhenTheNewestReleaseIsDeleted() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
        registry.publish("v1.1.0", Map.of("page.html", "two"));
        registry.publish("v1.2.0", Map.of("page.html", "three"));
        try (AgentProcess agent = assets(registry)) {
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.2.0");
            Files.move(registry.folder().resolve("v1.2.0"), folder.resolve("deleted"));
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.1.0");
            assertThat(folder.resolve("app/current/page.html")).hasContent("two");
            Files.move(folder.resolve("deleted"), registry.folder().resolve("v1.2.0"));
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.2.0");
            assertThat(agent.count("Deploy failure")).isZero();
        }
    }

    @Test
    void saysThatArchivesNeedAFolderForEachVersion() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        try (AgentProcess agent = assets(registry)) {
            agent.await("Nothing to deploy yet");
            Registry.writeArchive(registry.folder().resolve("site-1.0.0.tar.gz"), Map.of("page.html", "lost"));

            String remark = "archives such as site-1.0.0.tar.gz are in " + registry.folder() + " itself";
            agent.await(
                    "the remark",
                    record -> "Nothing to deploy yet".equals(record.get("msg"))
                            && record.getOrDefault("reason", "").contains(remark));
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            assertThat(control.run("dewy:explain"))
                    .contains(remark + ", where each version needs a folder of its own named after it, such as "
                            + registry.folder().resolve("v1.0.0/site-1.0.0.tar.gz"));

            registry.publish("v1.0.0", Map.of("page.html", "found"));
            agent.await("Deployment completed");
            assertThat(agent.count("Nothing to deploy yet")).isEqualTo(2);
        }
    }

    @Test
    void leavesAnAuditFileBesideTheArtifact() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "stable"));
        try (AgentProcess agent = assets(registry)) {
            agent.await("Deployment completed");
            assertThat(registry.folder().resolve("v1.0.0").toFile().list())
                    .anyMatch(name -> name.matches("shipped_to_.*_assets_at_\\d{8}T\\d{6}Z\\.txt"));
        }
    }

    @Test
    void waitsForAnArtifactWithinTheGracePeriodAndComplainsAfterIt() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        Path release = Files.createDirectories(registry.folder().resolve("v1.0.0"));
        try (AgentProcess agent = assets(registry, "--grace-period", "30m")) {
            agent.await("Artifact not found within grace period");
            assertThat(agent.count("Deploy failure")).isZero();
            isOld(release);
            assertThat(agent.await("Deploy failure").getOrDefault("error", "")).contains("v1.0.0 does not have");
            registry.publish("v1.0.0", Map.of("page.html", "late"));
            agent.await("Deployment completed");
            agent.await("Deploy recovered");
            assertThat(agent.count("Deploy failure")).isEqualTo(1);
        }
    }

    @Test
    void refusesAHostileArchiveWholeAndSaysSoOnce() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "good"));
        try (AgentProcess agent = assets(registry)) {
            agent.await("Deployment completed");
            registry.publish("v1.1.0", Map.of("page.html", "bad", "../../escaped.html", "bad"));
            assertThat(agent.await("Release quarantined").getOrDefault("error", ""))
                    .contains("escaped.html");
            agent.await("Deploy skipped");
            agent.await("Deploy skipped");
            assertThat(agent.count("Release quarantined")).isEqualTo(1);
            assertThat(agent.count("Deployment started")).isEqualTo(2);
            assertThat(folder.resolve("app/current/page.html")).hasContent("good");
            assertThat(folder.resolve("app/escaped.html")).doesNotExist();
            assertThat(folder.resolve("escaped.html")).doesNotExist();
            registry.publish("v1.2.0", Map.of("page.html", "better"));
            agent.await("Deployment completed");
            assertThat(folder.resolve("app/current/page.html")).hasContent("better");
        }
    }

    @Test
    void refusesAnArtifactWithAnotherDigest() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "good"));
        Files.writeString(registry.folder().resolve("v1.0.0/app.tar.gz.sha256"), "0".repeat(64) + "  app.tar.gz\n");
        try (AgentProcess agent = assets(registry)) {
            assertThat(agent.await("Deploy failure").getOrDefault("error", ""))
                    .contains("but the registry declares sha256:0000");
            assertThat(folder.resolve("app/current")).doesNotExist();
        }
    }

    @Test
    void runsHooksAroundADeployment() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "good"));
        try (AgentProcess agent = assets(
                registry,
                "--before-deploy-hook",
                "echo before $DEWY_VERSION; test ! -e current",
                "--after-deploy-hook",
                "cat current/page.html; echo attempt $DEWY_ATTEMPT >&2; exit 3")) {
            assertThat(agent.await("Execute hook")).containsEntry("stdout", "before v1.0.0");
            assertThat(agent.await("After deploy hook failure"))
                    .containsEntry("error", "command failed with exit code 3")
                    .containsEntry("exit_code", "3")
                    .containsEntry("stdout", "good")
                    .containsEntry("stderr", "attempt 1");
            agent.await("Deployment completed");
        }
    }

    @Test
    void staysPausedAcrossARestartAndKeepsItsHistory() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
        ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
        try (AgentProcess agent = assets(registry)) {
            agent.await("Deployment completed");
            control.run("dewy:pause");
            registry.publish("v1.1.0", Map.of("page.html", "two"));
            assertThat(control.run("dewy:status")).contains("paused");
            assertThat(agent.stop()).isZero();
            assertThat(agent.count("Shipping stopped")).isEqualTo(1);
        }
        try (AgentProcess agent = assets(registry)) {
            agent.await("Shipping started");
            Releases.await(() -> answer(control, "dewy:status").contains("paused"), agent::output);
            assertThat(control.run("dewy:deploy")).contains("deployed");
            assertThat(folder.resolve("app/current/page.html")).hasContent("two");
            registry.publish("v1.2.0", Map.of("page.html", "three"));
            control.run("dewy:resume");
            agent.await(
                    "v1.2.0",
                    record ->
                            "Deployment completed".equals(record.get("msg")) && "v1.2.0".equals(record.get("version")));
            assertThat(control.run("dewy:history").lines().map(line -> line.replaceAll(" +", " ")))
                    .anyMatch(line -> line.contains("v1.2.0 v1.1.0 dewy "))
                    .anyMatch(line -> line.contains("v1.1.0 v1.0.0 " + System.getProperty("user.name") + " command "))
                    .anyMatch(line -> line.contains("v1.0.0 - dewy start "));
            assertThat(control.run("dewy:releases").lines().skip(1)).hasSize(3);
        }
    }

    /** Has a release that is empty be there for longer than the grace period. */
    static void isOld(Path release) throws IOException {
        Files.setLastModifiedTime(release, FileTime.from(Instant.now().minus(Duration.ofMinutes(31))));
    }

    private static String answer(ControlClient control, String command) {
        try {
            return control.run(command);
        } catch (IOException e) {
            return "";
        }
    }

    private AgentProcess assets(Registry registry, String... more) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        return AgentProcess.start(folder, AgentProcess.arguments("assets", registry.url(), app, more));
    }
}
