package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent goes, by force or on purpose, while its server serves; the next one goes on with it. */
@Timeout(300)
class TakeoverIT {
    private static final int ROUNDS = 2;

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

    @ParameterizedTest
    @ValueSource(strings = {"pidfd", "reuseport"})
    void losesNoRequestWhenAgentAfterAgentIsKilledAndTheAppUpgraded(String way) throws Exception {
        AgentProcess agent = agent(way);
        try {
            agent.await("Deployment completed");
            try (Load load = Load.on(port, 2, 1, Duration.ofMillis(5))) {
                for (int round = 1; round <= ROUNDS; round++) {
                    kill(agent);
                    agent = agent(way);
                    agent.await("Take over running server");
                    registry.publishServer("v1." + round + ".0");
                    load.awaitVersion("v1." + round + ".0");
                    agent.await("Deployment completed");
                }
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            String server = agent.find("the server", TakeoverIT::isStart).getOrDefault("pid", "");
            assertThat(agent.stop()).isZero();
            assertThat(isAlive(server)).isFalse();
        } finally {
            agent.close();
        }
    }

    @Test
    void goesOnWithTheSameProcess() throws Exception {
        String server;
        try (AgentProcess agent = agent("pidfd")) {
            server = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            kill(agent);
        }
        try (AgentProcess agent = agent("pidfd")) {
            assertThat(agent.await("Take over running server")).containsEntry("pid", server);
            assertThat(agent.await("Deploy skipped")).containsEntry("reason", "v1.0.0 is deployed");
            kill(server);
            assertThat(agent.await("Server recovered").getOrDefault("pid", "")).isNotEqualTo(server);
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void leavesTheServerRunningWhereThatIsAskedFor() throws Exception {
        String server;
        try (AgentProcess agent = agent("pidfd", "--leave-running")) {
            server = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            try (Load load = Load.on(port, 2, 1, Duration.ofMillis(5))) {
                load.awaitVersion("v1.0.0");
                assertThat(agent.stop()).isZero();
                assertThat(isAlive(server)).isTrue();
                try (AgentProcess next = agent("pidfd")) {
                    assertThat(next.await("Take over running server")).containsEntry("pid", server);
                    load.close();
                    assertThat(load.failures()).isEmpty();
                    assertThat(next.stop()).isZero();
                }
            }
        }
        assertThat(isAlive(server)).isFalse();
    }

    @Test
    void replacesAServerThatIsToBeRunOtherwiseNow() throws Exception {
        String server;
        try (AgentProcess agent = agent("pidfd")) {
            server = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            kill(agent);
        }
        try (Load load = Load.on(port, 2, 1, Duration.ofMillis(5));
                AgentProcess agent = agent("pidfd", "--ready-time", "500ms")) {
            assertThat(agent.await("Server started").getOrDefault("pid", "")).isNotEqualTo(server);
            agent.await("Deploy skipped");
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(agent.stop()).isZero();
        }
        assertThat(isAlive(server)).isFalse();
    }

    @Test
    void startsAgainWhatDiedWithItsAgent() throws Exception {
        try (AgentProcess agent = agent("pidfd")) {
            String server = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            kill(agent);
            kill(server);
        }
        try (AgentProcess agent = agent("pidfd");
                Load load = Load.on(port, 1, 0, Duration.ofMillis(5))) {
            agent.await("Deploy skipped");
            load.awaitVersion("v1.0.0");
            assertThat(agent.stop()).isZero();
        }
    }

    private AgentProcess agent(String way, String... more) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of("--ready-time", "200ms"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("-p", "127.0.0.1:" + port, "--", "current/app"));
        List<String> jvm = List.of("-Xmx96m", "-Ddewy.takeover=" + way);
        return AgentProcess.start(
                folder, jvm, AgentProcess.arguments("server", registry.url(), app, arguments.toArray(String[]::new)));
    }

    private static void kill(AgentProcess agent) throws IOException, InterruptedException {
        agent.signal("KILL");
        agent.exitCode();
    }

    private static void kill(String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-KILL", pid).start().waitFor()).isZero();
    }

    private static boolean isStart(Map<String, String> record) {
        return "Server started".equals(record.get("msg"));
    }

    private static boolean isAlive(String pid) {
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }
}
