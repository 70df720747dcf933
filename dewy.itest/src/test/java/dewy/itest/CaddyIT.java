package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import dewy.tck.CaddyImage;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers of a real engine, kept up to date by the jar behind Caddy. */
@Timeout(180)
class CaddyIT {
    @TempDir
    Path folder;

    private final int port = Ports.free();

    CaddyIT() throws IOException {}

    @Test
    void losesNoRequestWhenContainersAreExchangedThePluginIsUpdatedAndTheAgentIsKilled() throws Exception {
        ContainerEngine engine = ContainerEngine.shared();
        CaddyImage.ensure(engine);
        try (ImageRegistry images = ImageRegistry.start(Files.createDirectory(folder.resolve("images")))) {
            publish(images, "v1.0.0");
            try (AgentProcess first = agent(engine, images)) {
                first.await("Deployment completed");
                assertThat(containers(engine, "{{.Ports}}", "label=dewy.role=app"))
                        .containsOnly("8080/tcp");
                try (Load load = Load.on(port, 2, 2, Duration.ofMillis(10))) {
                    load.awaitVersion("v1.0.0");
                    publish(images, "v2.0.0");
                    load.awaitVersion("v2.0.0");
                    first.await("Deployment completed");
                    Path newer =
                            PluginCopy.of("dewy.proxy.caddy", "0.1.1", Files.createDirectory(folder.resolve("jars")));
                    String updated = new ControlClient(folder.resolve("app/.dewy"))
                            .run("dewy:plugin", "update", newer.toString());
                    assertThat(updated).contains("0.1.1");
                    first.signal("KILL");
                    first.exitCode();
                    try (AgentProcess next = agent(engine, images)) {
                        next.await("Take over running server");
                        publish(images, "v3.0.0");
                        load.awaitVersion("v3.0.0");
                        next.await("Deployment completed");
                        load.close();
                        assertThat(load.failures()).isEmpty();
                        assertThat(next.stop()).isZero();
                    }
                }
            }
        }
        assertThat(containers(engine, "{{.Names}}", "label=dewy.app=app")).isEmpty();
    }

    private static void publish(ImageRegistry images, String version) throws IOException {
        String script =
                "echo " + version + " answers > /www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait";
        images.push(
                "web",
                version,
                "{\"ExposedPorts\": {\"8080/tcp\": {}}, \"Cmd\": [\"/bin/sh\", \"-c\", \"" + script + "\"]}");
    }

    private AgentProcess agent(ContainerEngine engine, ImageRegistry images) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        String[] options = {
            "--container-port",
            "8080",
            "--health-path",
            "/",
            "--proxy",
            "--proxy-port",
            "127.0.0.1:" + port,
            "--drain-time",
            "5s",
            "--",
            "--stop-timeout",
            "2"
        };
        String[] arguments = AgentProcess.arguments("container", "img://" + images.host() + "/web", app, options);
        return AgentProcess.start(folder, List.of("-Xmx96m"), Map.of("DOCKER_HOST", engine.address()), arguments);
    }

    private static List<String> containers(ContainerEngine engine, String format, String filter) throws IOException {
        return engine.docker("ps", "--all", "--filter", filter, "--format", format)
                .lines()
                .toList();
    }
}
