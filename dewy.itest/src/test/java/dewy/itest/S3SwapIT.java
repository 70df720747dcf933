package dewy.itest;

import dewy.registry.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Releases, artifacts and a cache in a bucket, and notifications to the log. */
class S3SwapIT extends SwapLoop {
    private final S3Server server = S3Server.start();
    private final String bucket = "test-" + UUID.randomUUID();

    S3SwapIT() throws IOException {
        server.createBucket(bucket);
    }

    @Override
    List<String> plugins() {
        return List.of("dewy.registry.s3", "dewy.notifier.log");
    }

    @Override
    public List<String> options() {
        String url = "s3://" + S3Server.REGION + "/" + bucket;
        return List.of("--registry", url + "/app", "--cache", url + "/cache", "--notifier", "log:");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL",
                "http://127.0.0.1:" + server.port(),
                "AWS_ACCESS_KEY_ID",
                S3Server.KEY_ID,
                "AWS_SECRET_ACCESS_KEY",
                S3Server.SECRET);
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
