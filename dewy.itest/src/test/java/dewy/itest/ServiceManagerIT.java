package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears of the agent that it started. */
@Timeout(120)
class ServiceManagerIT {
    private static final long SECOND = 1_000_000;

    @TempDir
    Path folder;

    private Registry registry;

    @BeforeEach
    void publish() throws Exception {
        Tools.require("python3");
        registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
    }

    @Test
    void hearsThatTheAgentIsReadyThatItMakesProgressAndThatItStops() throws Exception {
        try (ServiceManagerStandIn manager = ServiceManagerStandIn.in(folder);
                AgentProcess agent = agent(manager)) {
            assertThat(manager.await("that it is ready", message -> message.startsWith("READY=1")))
                    .contains("STATUS=1 app");
            agent.await("Deployment completed");
            for (int ping = 0; ping < 3; ping++) {
                manager.await("a ping", message -> message.contains("WATCHDOG=1"));
            }
            Files.move(registry.folder(), folder.resolve("gone"));
            manager.await("that the app fails", message -> message.contains("STATUS=1 app, 1 failing"));
            assertThat(agent.stop()).isZero();
            manager.await("that it stops", message -> message.startsWith("STOPPING=1"));
            assertThat(manager.rest()).noneMatch(message -> message.contains("WATCHDOG=1"));
        }
    }

    @Test
    void hearsThatTheAgentIsReadyOnlyOnceWhatWasDeployedServesAgain() throws Exception {
        try (AgentProcess agent = AgentProcess.start(folder, List.of("-Xmx96m"), command("0"))) {
            agent.await("Deployment completed");
            assertThat(agent.stop()).isZero();
        }
        try (ServiceManagerStandIn manager = ServiceManagerStandIn.in(folder);
                AgentProcess agent = agent(manager)) {
            manager.await("that it is ready", message -> message.startsWith("READY=1"));
            assertThat(agent.count("Server started")).isPositive();
        }
    }

    /** It hears only of the process that it started. */
    @Test
    void hearsOfAnAgentThatIsStartedByTheScript() throws Exception {
        Path script = Path.of(System.getProperty("dewy.root"), "dewy").normalize();
        List<String> words = new ArrayList<>(List.of(script.toString()));
        words.addAll(List.of(command("0")));
        try (ServiceManagerStandIn manager = ServiceManagerStandIn.in(folder)) {
            ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
            builder.environment().putAll(manager.environment(3 * SECOND));
            builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
            Process agent = builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output").toFile())
                    .start();
            try {
                assertThat(manager.await("that it is ready", message -> message.startsWith("READY=1")))
                        .endsWith(" from " + agent.pid());
                agent.destroy();
                manager.await("that it stops", message -> message.startsWith("STOPPING=1"));
                assertThat(agent.waitFor()).isIn(0, 143);
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    private AgentProcess agent(ServiceManagerStandIn manager) throws Exception {
        return AgentProcess.start(folder, List.of("-Xmx96m"), manager.environment(3 * SECOND), command("1s"));
    }

    private String[] command(String readyTime) throws Exception {
        Path app = Files.createDirectories(folder.resolve("app"));
        return new String[] {
            "server",
            "--registry",
            registry.url(),
            "-i",
            "200ms",
            "-f",
            "json",
            "-d",
            app.toString(),
            "--ready-time",
            readyTime,
            "-p",
            "127.0.0.1:" + Ports.free(),
            "--",
            "current/app"
        };
    }
}
