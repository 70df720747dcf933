package dewy.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A plugin of every kind in one app: a folder, artifacts from a web server, a cache, Slack, a process. */
class EveryKindSwapIT extends SwapLoop {
    private final ArtifactServer artifacts = new ArtifactServer();

    EveryKindSwapIT() throws IOException {}

    @AfterEach
    void closeArtifacts() {
        artifacts.close();
    }

    @Override
    List<String> plugins() {
        return List.of(
                "dewy.registry.file",
                "dewy.artifact.http",
                "dewy.cache.file",
                "dewy.notifier.slack",
                "dewy.runtime.process");
    }

    @Override
    public List<String> options() throws IOException {
        List<String> options = new ArrayList<>(super.options());
        options.addAll(List.of("--artifact", artifacts.url("/{version}/app.tar.gz"), "--allow-http"));
        return options;
    }

    @Override
    public void publish(String version, Path archive) throws IOException {
        artifacts.put("/" + version + "/app.tar.gz", Files.readAllBytes(archive));
        Files.createDirectories(registry().resolve(version));
    }
}
