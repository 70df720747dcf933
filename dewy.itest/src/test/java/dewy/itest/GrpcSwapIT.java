package dewy.itest;

import dewy.registry.grpc.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** Releases that a server selects, told over gRPC, and notifications to the log. */
class GrpcSwapIT extends SwapLoop {
    private final RegistryServer server = new RegistryServer();

    GrpcSwapIT() throws IOException {}

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Override
    List<String> plugins() {
        return List.of("dewy.registry.grpc", "dewy.notifier.log");
    }

    @Override
    public List<String> options() {
        return List.of("--registry", server.address() + "?no-tls=true", "--notifier", "log:");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public void publish(String version, Path archive) throws IOException {
        Path artifact = folder.resolve(version + ".tar.gz");
        Files.copy(archive, artifact, StandardCopyOption.REPLACE_EXISTING);
        server.select(version, version, "file://" + artifact, Instant.now());
    }

    @Override
    List<String> told(AgentProcess agent) {
        return agent.texts("Notification");
    }
}
