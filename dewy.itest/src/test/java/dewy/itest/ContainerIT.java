package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import dewy.registry.grpc.RegistryServer;
import dewy.tck.Await;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers of a real engine, with images of a real registry, kept up to date by the jar behind its own proxy. */
@Timeout(180)
class ContainerIT {
    @TempDir
    Path folder;

    private final int port = Ports.free();

    ContainerIT() throws IOException {}

    @Test
    void losesNoRequestWhenReplicasAreExchangedTheAgentIsKilledAndAVersionFails() throws Exception {
        ContainerEngine engine = ContainerEngine.shared();
        try (ImageRegistry images = ImageRegistry.start(Files.createDirectory(folder.resolve("images")))) {
            publish(images, "v1.0.0");
            try (AgentProcess first = agent(engine, images)) {
                first.await("Deployment completed");
                assertThat(containers(engine)).hasSize(2).allMatch(name -> name.startsWith("app-1-"));
                try (Load load = Load.on(port, 2, 2, Duration.ofMillis(2))) {
                    load.awaitVersion("v1.0.0");
                    publish(images, "v2.0.0");
                    load.awaitVersion("v2.0.0");
                    first.await("Deployment completed");
                    first.signal("KILL");
                    first.exitCode();
                    try (AgentProcess next = agent(engine, images)) {
                        next.await("Take over running containers");
                        images.push("web", "v3.0.0", config("echo no database >&2; exit 3"));
                        assertThat(next.await("Release quarantined").getOrDefault("error", ""))
                                .contains("exit code 3", "no database");
                        load.close();
                        assertThat(load.failures()).isEmpty();
                        assertThat(next.stop()).isZero();
                    }
                }
            }
        }
        assertThat(containers(engine)).isEmpty();
    }

    @Test
    void pullsWhatAServerNamesAsWhomTheRegistryLetsIn() throws Exception {
        ContainerEngine engine = ContainerEngine.shared();
        try (ImageRegistry images = ImageRegistry.start(Files.createDirectory(folder.resolve("images")));
                RegistryServer server = new RegistryServer()) {
            publish(images, "v1.0.0");
            images.protect();
            server.select("7", "v1.0.0", "img://" + images.host() + "/web:v1.0.0", Instant.now());
            Map<String, String> environment = Map.of(
                    "DOCKER_HOST",
                    engine.address(),
                    "DOCKER_USERNAME",
                    ImageRegistry.USER,
                    "DOCKER_PASSWORD",
                    ImageRegistry.PASSWORD);
            try (AgentProcess agent = agent(environment, server.address() + "?no-tls=true")) {
                assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
                Await.until("a report", () -> !server.reports.isEmpty());
                assertThat(server.reports.get(0).id()).isEqualTo("7");
                assertThat(agent.stop()).isZero();
            }
        }
    }

    @Test
    void saysWhereItLookedForAnEngineThatIsNotThere() throws Exception {
        Path socket = folder.resolve("none.sock");
        try (AgentProcess agent = agent(Map.of("DOCKER_HOST", "unix://" + socket), "img://127.0.0.1:1/web")) {
            assertThat(agent.exitCode()).isEqualTo(2);
            assertThat(agent.output()).contains(socket.toString(), "Start it, or say by DOCKER_HOST where it is");
        }
    }

    private void publish(ImageRegistry images, String version) throws IOException {
        images.push(
                "web",
                version,
                config("echo " + version
                        + " answers > /www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait"));
    }

    private static String config(String script) {
        return "{\"ExposedPorts\": {\"8080/tcp\": {}}, \"Cmd\": [\"/bin/sh\", \"-c\", \"" + script + "\"]}";
    }

    private AgentProcess agent(ContainerEngine engine, ImageRegistry images) throws IOException {
        return agent(Map.of("DOCKER_HOST", engine.address()), "img://" + images.host() + "/web");
    }

    private AgentProcess agent(Map<String, String> environment, String registry) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> options = List.of("-p", "127.0.0.1:" + port, "--replicas", "2", "--health-path", "/");
        List<String> more = new ArrayList<>(options);
        more.addAll(List.of("--drain-time", "2s", "--", "--stop-timeout", "2", "-e", "NAME=value"));
        String[] arguments = AgentProcess.arguments("container", registry, app, more.toArray(String[]::new));
        return AgentProcess.start(folder, List.of("-Xmx96m"), environment, arguments);
    }

    private static List<String> containers(ContainerEngine engine) throws IOException {
        String names = engine.docker("ps", "--all", "--filter", "label=dewy.app=app", "--format", "{{.Names}}");
        return names.lines().toList();
    }
}
