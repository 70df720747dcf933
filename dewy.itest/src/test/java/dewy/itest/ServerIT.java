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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code server} as a black box. */
@Timeout(240)
class ServerIT {
    @TempDir
    Path folder;

    @BeforeEach
    void needsPython() {
        Tools.require("python3");
    }

    @Test
    void upgradesTwentyTimesUnderLoadWithoutLosingARequest() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port)) {
            agent.await("Deployment completed");
            try (Load load = Load.on(port, 2, 2, Duration.ofMillis(2))) {
                load.awaitVersion("v1.0.0");
                for (int minor = 1; minor <= 20; minor++) {
                    registry.publishServer("v1." + minor + ".0");
                    load.awaitVersion("v1." + minor + ".0");
                    agent.await("Deployment completed");
                }
                load.close();
                assertThat(load.failures()).isEmpty();
                assertThat(load.requests()).isGreaterThan(1_000);
            }
            assertThat(agent.stop()).isZero();
        }
        assertThat(releases()).hasSize(7);
    }

    /** With an interval of an hour, only the watch over the folder tells of it. */
    @Test
    void servesANewVersionWithoutWaitingForTheInterval() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = agent(registry, "3600", List.of("-p", "127.0.0.1:" + port, "--", "current/app"));
                Load load = loadOnceDeployed(agent, port)) {
            registry.publishServer("v1.1.0");
            load.awaitVersion("v1.1.0");
        }
    }

    @Test
    void skipsTheVersionThatRunsAndIgnoresPreReleases() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        registry.publishServer("v2.0.0-rc.1");
        try (AgentProcess agent = server(registry, Ports.free())) {
            agent.await("Deployment completed");
            for (int i = 0; i < 3; i++) {
                assertThat(agent.await("Deploy skipped")).containsEntry("reason", "v1.0.0 is deployed");
            }
            assertThat(agent.count("Deployment completed")).isEqualTo(1);
        }
    }

    @Test
    void startsAServerAgainThatWasKilled() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port)) {
            String pid = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            kill(pid);
            assertThat(agent.await("Server recovered").getOrDefault("pid", "")).isNotEqualTo(pid);
            try (Load load = Load.on(port, 1, 0, Duration.ofMillis(5))) {
                load.awaitVersion("v1.0.0");
            }
        }
    }

    @Test
    void keepsTheOldVersionServingWhenTheNewOneExitsAtOnce() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port);
                Load load = loadOnceDeployed(agent, port)) {
            Path good = current();
            registry.publishScript("v1.1.0", "#!/bin/sh\necho the config is missing >&2\nexit 3\n");
            Map<String, String> failure = agent.await("Release quarantined");
            assertThat(failure.getOrDefault("error", ""))
                    .contains("exited with code 3")
                    .contains("the config is missing");
            assertThat(current()).isEqualTo(good);
            registry.publishServer("v1.2.0");
            load.awaitVersion("v1.2.0");
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(agent.count("Release quarantined")).isEqualTo(1);
        }
    }

    @Test
    void runsAWorkerWithoutAPort() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishScript("v1.0.0", "#!/bin/sh\nenv > env.txt\nexec sleep 600\n");
        try (AgentProcess agent = agent(registry, List.of("--", "current/app"))) {
            agent.await("Deployment completed");
            assertThat(agent.stop()).isZero();
        }
        assertThat(Files.readString(folder.resolve("app/env.txt")))
                .contains("SERVER_STARTER_GENERATION=1")
                .doesNotContain("LISTEN_FDS=1");
    }

    @Test
    void replacesTheGenerationOnHangUpAndOnUser1() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port);
                Load load = loadOnceDeployed(agent, port)) {
            for (String signal : List.of("HUP", "USR1")) {
                agent.signal(signal);
                agent.await("Restart notification");
            }
            load.close();
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void startsWhatWasDeployedEvenWhenTheRegistryIsGone() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port)) {
            agent.await("Deployment completed");
            assertThat(agent.stop()).isZero();
        }
        Files.move(registry.folder(), folder.resolve("gone"));
        try (AgentProcess agent = server(registry, port)) {
            agent.await("Start deployed release");
            agent.await("Deploy failure");
            try (Load load = Load.on(port, 1, 0, Duration.ofMillis(5))) {
                load.awaitVersion("v1.0.0");
            }
        }
    }

    private Load loadOnceDeployed(AgentProcess agent, int port) throws InterruptedException {
        agent.await("Deployment completed");
        return Load.on(port, 1, 1, Duration.ofMillis(5));
    }

    private AgentProcess server(Registry registry, int port) throws IOException {
        return agent(registry, List.of("-p", "127.0.0.1:" + port, "--", "current/app"));
    }

    private AgentProcess agent(Registry registry, List<String> more) throws IOException {
        return agent(registry, "200ms", more);
    }

    private AgentProcess agent(Registry registry, String interval, List<String> more) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of(
                "server",
                "--registry",
                registry.url(),
                "-i",
                interval,
                "-f",
                "json",
                "-l",
                "debug",
                "-d",
                app.toString()));
        arguments.addAll(List.of("--ready-time", "200ms"));
        arguments.addAll(more);
        return AgentProcess.start(folder, arguments.toArray(String[]::new));
    }

    private Path current() throws IOException {
        return folder.resolve("app/current").toRealPath();
    }

    private List<Path> releases() throws IOException {
        try (Stream<Path> found = Files.list(folder.resolve("app/releases"))) {
            return found.toList();
        }
    }

    private static void kill(String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-KILL", pid).start().waitFor()).isZero();
    }
}
