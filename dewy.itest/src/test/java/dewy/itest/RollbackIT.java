package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of releases that are no good, under load. */
@Timeout(240)
class RollbackIT {
    private static final String QUARANTINED = "Release quarantined";

    @TempDir
    Path folder;

    private Registry registry;

    @BeforeEach
    void publishTheFirst() throws IOException {
        Tools.require("python3");
        registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
    }

    @Test
    void servesOnWhateverIsWrongWithNewReleases() throws Exception {
        int port = Ports.free();
        try (AgentProcess agent = agent(port)) {
            agent.await("Deployment completed");
            try (Load load = Load.on(port, 2, 2, Duration.ofMillis(5))) {
                load.awaitVersion("v1.0.0");
                registry.publishScript("v2.0.0", "#!/bin/sh\necho the config is missing >&2\nexit 3\n");
                assertNoGood(agent, "v2.0.0", "exited with code 3");
                registry.publishScript("v3.0.0", "#!/bin/sh\nsleep 1\nexit 4\n");
                assertNoGood(agent, "v3.0.0", "before it had stayed up for 60s");
                publishUnexecutable("v4.0.0");
                assertNoGood(agent, "v4.0.0", "it is not executable");
                publishDamaged("v5.0.0");
                assertNoGood(agent, "v5.0.0", "app.tar.gz");

                assertLeftAlone(agent);
                registry.publishServer("v6.0.0");
                load.awaitVersion("v6.0.0");
                load.close();
                assertThat(load.failures()).isEmpty();
                assertThat(load.sawVersion("v1.0.0")).isTrue();
            }
            for (String message : new String[] {"Deploy failure", "Deploy recovered"}) {
                assertThat(agent.count(message)).as(message).isZero();
            }
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void goesBackAndStaysThereWhenAPersonSaysSo() throws Exception {
        int port = Ports.free();
        try (AgentProcess agent = agent(port)) {
            agent.await("Deployment completed");
            try (Load load = Load.on(port, 1, 1, Duration.ofMillis(5))) {
                registry.publishServer("v1.1.0");
                agent.await("Deployment completed");
                assertThat(ask("shell", "rollback")).contains("deployed: v1.0.0");
                assertThat(current()).isEqualTo("v1.0.0");
                agent.await("that it stays", record -> record.getOrDefault("reason", "")
                        .contains("pinned to v1.0.0"));
                assertThat(ask("shell", "status")).contains("to v1.0.0");
                assertThat(ask("server", "--dry-run", "--registry", registry.url(), "--", "current/app"))
                        .contains("it is pinned to v1.0.0");
                assertThat(ask("shell", "unpin")).contains("deployed: v1.1.0");
                assertThat(current()).isEqualTo("v1.1.0");
                assertThat(ask("shell", "check")).contains("v1.1.0 is deployed");
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            assertThat(agent.stop()).isZero();
        }
    }

    private String ask(String command, String... more) throws Exception {
        List<String> line =
                new ArrayList<>(List.of(command, "-d", folder.resolve("app").toString()));
        line.addAll(List.of(more));
        try (AgentProcess process = AgentProcess.start(folder, line.toArray(String[]::new))) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            return process.output();
        }
    }

    /** Each was told once, with its reason, and what was good before is in force. */
    private void assertNoGood(AgentProcess agent, String version, String reason) throws Exception {
        assertThat(agent.await(QUARANTINED))
                .containsEntry("version", version)
                .containsEntry("current", "v1.0.0")
                .hasEntrySatisfying("error", error -> assertThat(error).contains(reason));
        assertThat(agent.find("the notification of " + version, record -> isNotification(record, version)))
                .hasEntrySatisfying("message", message -> assertThat(message).contains(reason));
        Releases.await(() -> "v1.0.0".equals(current()), agent::output);
    }

    private static boolean isNotification(Map<String, String> record, String version) {
        return "Notification".equals(record.get("msg"))
                && "release.quarantined".equals(record.get("event"))
                && record.getOrDefault("message", "").startsWith(version + " ");
    }

    private static void assertLeftAlone(AgentProcess agent) throws InterruptedException {
        for (int cycle = 0; cycle < 3; cycle++) {
            assertThat(agent.await("Deploy skipped").getOrDefault("reason", ""))
                    .startsWith("v1.0.0 is deployed; ")
                    .contains("v2.0.0 is left out, quarantined", "v3.0.0 is", "v4.0.0 is", "v5.0.0 is");
        }
        assertThat(agent.count("Deployment started")).isEqualTo(5);
        assertThat(agent.count(QUARANTINED)).isEqualTo(4);
    }

    private AgentProcess agent(int port) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of("--notify", "log:", "--ready-time", "200ms"));
        arguments.addAll(List.of("--max-restarts", "1", "-p", "127.0.0.1:" + port, "--", "current/app"));
        return AgentProcess.start(
                folder, AgentProcess.arguments("server", registry.url(), app, arguments.toArray(String[]::new)));
    }

    private String current() {
        try {
            return Files.readString(folder.resolve("app/current/VERSION")).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void publishUnexecutable(String version) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("app", Registry.resource("apps/server.py"));
        files.put("VERSION", version);
        registry.publish(version, files, 0100644);
    }

    private void publishDamaged(String version) throws IOException {
        Path release = Files.createDirectories(registry.folder().resolve(version));
        Path part = Files.writeString(release.resolve(".app.part"), "this is no archive");
        Files.move(part, release.resolve("app.tar.gz"));
    }
}
