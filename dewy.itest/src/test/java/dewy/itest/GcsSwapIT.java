package dewy.itest;

import dewy.registry.gcs.GcsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Releases, artifacts and a cache in a bucket, and notifications to the log. */
class GcsSwapIT extends SwapLoop {
    private final GcsServer server = GcsServer.start();
    private final String bucket = "test-" + UUID.randomUUID();

    GcsSwapIT() throws IOException {
        server.createBucket(bucket);
    }

    @Override
    List<String> plugins() {
        return List.of("dewy.registry.gcs", "dewy.notifier.log");
    }

    @Override
    public List<String> options() {
        String url = "gs://" + bucket;
        return List.of("--registry", url + "/app", "--cache", url + "/cache", "--notifier", "log:");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("STORAGE_EMULATOR_HOST", "127.0.0.1:" + server.port());
    }

    @Override
    public void publish(String version, Path archive) throws IOException {
        server.put(bucket, "app/" + version + "/app.tar.gz", Files.readAllBytes(archive));
    }

    @Override
    List<String> told(AgentProcess agent) {
        return agent.texts("Notification");
    }
}
