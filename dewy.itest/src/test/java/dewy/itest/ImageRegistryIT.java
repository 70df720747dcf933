package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.oci.FakeRegistry;
import dewy.registry.oci.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries of images, as a black box: the jar finds an image, and says that an app of files runs none. */
@Timeout(120)
class ImageRegistryIT {
    @TempDir
    Path folder;

    private final FakeRegistry remote = new FakeRegistry();

    ImageRegistryIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Test
    void findsTheNewestImageForThisHost() throws Exception {
        TestImage image = TestImage.of("linux/amd64", "x");
        remote.push("v1.0.0", image);
        remote.push("v1.1.0", TestImage.index(TestImage.of("linux/arm64", "x"), image));
        Path app = Files.createDirectories(folder.resolve("app"));
        String registry = remote.url() + "?platform=linux/amd64";
        try (AgentProcess agent = AgentProcess.start(folder, AgentProcess.arguments("assets", registry, app))) {
            assertThat(agent.await("Deploy failure").getOrDefault("error", ""))
                    .contains("v1.1.0", "runs no images", "run the app as a container");
            assertThat(agent.stop()).isZero();
        }
    }
}
