package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.Await;
import dewy.tck.CaddyImage;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine that ends all containers when it ends itself, as engines do where live-restore is off. */
@Timeout(180)
class EngineRestartIT {
    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int builtin = Ports.free();
    private final int caddy = Ports.free();

    EngineRestartIT() throws IOException {}

    @Test
    void bringsBackWhatServedWithoutADeployment() throws Exception {
        try (ContainerEngine engine = ContainerEngine.startWithoutLiveRestore();
                ImageRegistry images = ImageRegistry.start(Files.createDirectory(folder.resolve("images")))) {
            CaddyImage.ensure(engine);
            String script = "trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait";
            String unused = images.push(
                    "web",
                    "v1.0.0",
                    "{\"ExposedPorts\": {\"8080/tcp\": {}}, \"Cmd\": [\"/bin/sh\", \"-c\", \"" + script + "\"]}");
            Files.writeString(
                    folder.resolve("dewy.yaml"),
                    "apps:\n"
                            + app(images, "plain", "replicas: 2\n    port: 127.0.0.1:" + builtin)
                            + app(images, "behind", "proxy: caddy\n    proxy-port: 127.0.0.1:" + caddy));
            try (AgentProcess agent = AgentProcess.start(
                    folder,
                    List.of("-Xmx96m"),
                    Map.of("DOCKER_HOST", engine.address()),
                    "host -d . -f json -l debug".split(" ", -1))) {
                agent.await("Deployment completed");
                agent.await("Deployment completed");
                awaitAll(engine, agent);
                engine.restart();
                awaitAll(engine, agent);
                engine.crash();
                awaitAll(engine, agent);
                assertThat(agent.count("Deployment started")).isEqualTo(2);
                assertThat(agent.count("Container exited")).isEqualTo(6);
                // An app that asks when the engine is back already has nothing to tell.
                long lost = agent.count("Engine does not answer");
                assertThat(lost).isPositive();
                assertThat(agent.count("Engine answers again")).isEqualTo(lost);
                assertThat(agent.stop()).isZero();
            }
            assertThat(engine.docker("ps", "--all", "--quiet")).isEmpty();
        }
    }

    /** All that there should be is there, is proxied, and nothing besides. */
    private void awaitAll(ContainerEngine engine, AgentProcess agent) {
        for (int port : List.of(builtin, caddy)) {
            Await.until(() -> "an answer at " + port + ":\n" + agent.output(), () -> client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/index.html"))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            BodyHandlers.ofString())
                    .body()
                    .equals("here I am\n"));
        }
        Await.until("three containers of apps", () -> containers(engine) == 3);
    }

    private static long containers(ContainerEngine engine) throws IOException {
        return engine.docker("ps", "--all", "--quiet", "--filter", "label=dewy.role=app")
                .lines()
                .count();
    }

    private String app(ImageRegistry images, String name, String more) throws IOException {
        return """
                  %s:
                    command: container
                    registry: img://%s/web
                    dir: %s
                    interval: 300ms
                    health-path: /index.html
                    probe-interval: 100ms
                    drain-time: 1s
                    %s
                    run: [--stop-timeout, "1"]
                """
                .formatted(name, images.host(), Files.createDirectory(folder.resolve(name)), more);
    }
}
