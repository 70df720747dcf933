package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that listens at the port it is told, behind the built-in proxy. */
@Timeout(120)
class ProxiedServerIT {
    @TempDir
    Path folder;

    private Registry registry;
    private int port;

    @BeforeEach
    void publish() throws IOException {
        Tools.require("python3");
        registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        port = Ports.free();
    }

    @Test
    void losesNoRequestWhenItIsUpgradedAndItsAgentKilled() throws Exception {
        String server;
        try (AgentProcess first = agent()) {
            first.await("Deployment completed");
            try (Load load = Load.on(port, 2, 2, Duration.ofMillis(2))) {
                load.awaitVersion("v1.0.0");
                upgrade(first, load, "v2.0.0");
                server = first.find(
                                "the server",
                                record -> "Server started".equals(record.get("msg"))
                                        && "2".equals(record.get("generation")))
                        .getOrDefault("pid", "");
                first.signal("KILL");
                first.exitCode();
                try (AgentProcess next = agent()) {
                    assertThat(next.await("Take over running server")).containsEntry("pid", server);
                    upgrade(next, load, "v3.0.0");
                    load.close();
                    assertThat(load.failures()).isEmpty();
                    assertThat(next.stop()).isZero();
                }
            }
        }
        assertThat(isAlive(server)).isFalse();
    }

    @Test
    void comesBackAfterACrash() throws Exception {
        try (AgentProcess agent = agent()) {
            String crashed = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            ProcessHandle.of(Long.parseLong(crashed)).orElseThrow().destroyForcibly();
            agent.await("Server exited");
            try (Load load = Load.on(port, 1, 1, Duration.ofMillis(2))) {
                load.awaitVersion("v1.0.0");
                assertThat(agent.await("Server recovered").getOrDefault("pid", ""))
                        .isNotEqualTo(crashed);
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            assertThat(agent.stop()).isZero();
        }
    }

    /** A version of the bundle that was tried in the place of this one, and refused, has put its own there. */
    @Test
    void hasAnotherDataPlaneWhereTheClassesOfTheFirstAreGone() throws Exception {
        try (AgentProcess agent = agent()) {
            agent.await("Deployment completed");
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder.resolve("app/.dewy/proxy"), "plane-*")) {
                for (Path jar : jars) {
                    Files.delete(jar);
                }
            }
            ProcessHandle.allProcesses()
                    .filter(process -> process.info().commandLine().orElse("").contains("PlaneMain " + folder))
                    .forEach(ProcessHandle::destroyForcibly);
            agent.await("Data plane ended, another one starts");
            try (Load load = Load.on(port, 1, 1, Duration.ofMillis(2))) {
                load.awaitVersion("v1.0.0");
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            assertThat(agent.stop()).isZero();
        }
    }

    private void upgrade(AgentProcess agent, Load load, String version) throws Exception {
        registry.publishServer(version);
        load.awaitVersion(version);
        agent.await("Deployment completed");
    }

    private AgentProcess agent() throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        String[] arguments = AgentProcess.arguments(
                "server",
                registry.url(),
                app,
                "--proxy",
                "builtin",
                "-p",
                "127.0.0.1:" + port,
                "--ready-time",
                "0",
                "--",
                "current/app");
        return AgentProcess.start(folder, List.of("-Xmx96m"), arguments);
    }

    private static boolean isAlive(String pid) {
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }
}
