package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.CaddyImage;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Images of a registry in containers of a real engine behind Caddy, of which each bundle is swapped. */
class ContainersSwapIT extends SwapLoop {
    @TempDir
    Path place;

    private final ContainerEngine engine = ContainerEngine.shared();
    private Optional<ImageRegistry> images = Optional.empty();

    ContainersSwapIT() throws IOException {}

    @BeforeEach
    void startRegistry() throws IOException {
        CaddyImage.ensure(engine);
        images = Optional.of(ImageRegistry.start(place));
    }

    @AfterEach
    void leavesNothing() throws IOException {
        images.ifPresent(ImageRegistry::close);
        assertThat(engine.docker("ps", "--all", "--filter", "label=dewy.app=app", "--format", "{{.Names}}"))
                .isEmpty();
    }

    @Override
    List<String> plugins() {
        return List.of("dewy.registry.oci", "dewy.runtime.docker", "dewy.proxy.caddy");
    }

    @Override
    public List<String> arguments(int port) {
        List<String> arguments =
                new ArrayList<>(List.of("container", "--registry", "img://" + registryHost() + "/web"));
        arguments.addAll(List.of("--notifier", "log:", "--proxy", "caddy", "--proxy-port", "127.0.0.1:" + port));
        arguments.addAll(List.of("--health-path", "/", "--probe-interval", "100ms", "--drain-time", "1s"));
        arguments.addAll(List.of("--", "--stop-timeout", "1"));
        return arguments;
    }

    private String registryHost() {
        return images.orElseThrow().host();
    }

    /** Caddy closes connections of clients with each change. */
    @Override
    public int keeping() {
        return 0;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("DOCKER_HOST", engine.address());
    }

    @Override
    public void publish(String version, Path archive) throws IOException {
        String script =
                "echo " + version + " answers > /www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait";
        String unused = images.orElseThrow()
                .push(
                        "web",
                        version,
                        "{\"ExposedPorts\": {\"8080/tcp\": {}}, \"Cmd\": [\"/bin/sh\", \"-c\", \"" + script + "\"]}");
    }

    @Override
    List<String> told(AgentProcess agent) {
        return agent.texts("Notification");
    }

    @Override
    String deployed(String version) {
        return "Container deployed successfully for " + version;
    }
}
