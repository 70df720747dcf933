package dewy.registry.file;

import static dewy.registry.file.TestFolder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.StorageException;
import dewy.api.registry.DeploymentReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRegistryReportTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:34:56.789Z");

    private final Path root;
    private final FileRegistry registry;

    FileRegistryReportTest(@TempDir Path root) throws IOException {
        this.root = root;
        TestFolder folder = new TestFolder(root);
        folder.put("v1.0.0/app.tar.gz", "x");
        registry = folder.registry();
    }

    @Test
    void leavesAnEmptyFileBesideTheArtifact() throws Exception {
        registry.report(call(), report("v1.0.0", "host-1.example", Optional.empty()));

        Path audit = root.resolve("v1.0.0/shipped_to_host-1.example_server_at_20260301T123456Z.txt");
        assertThat(audit).isEmptyFile();
    }

    @Test
    void mayReportTheSameTwice() throws Exception {
        registry.report(call(), report("v1.0.0", "host-1", Optional.empty()));
        registry.report(call(), report("v1.0.0", "host-1", Optional.empty()));

        assertThat(names()).hasSize(2);
    }

    @Test
    void leavesNothingForAFailure() throws Exception {
        registry.report(call(), report("v1.0.0", "host-1", Optional.of("it did not start")));

        assertThat(names()).containsExactly("app.tar.gz");
    }

    @Test
    void makesAFileNameOfAnyHostName() throws Exception {
        registry.report(call(), report("v1.0.0", "../../evil host", Optional.empty()));
        registry.report(call(), report("v1.0.0", "x".repeat(300), Optional.empty()));

        assertThat(names())
                .contains("shipped_to_..-..-evil-host_server_at_20260301T123456Z.txt")
                .contains("shipped_to_" + "x".repeat(150) + "_server_at_20260301T123456Z.txt");
    }

    @Test
    void saysThatTheRegistryRefused() throws Exception {
        Files.delete(root.resolve("v1.0.0/app.tar.gz"));
        Files.delete(root.resolve("v1.0.0"));
        Files.writeString(root.resolve("v1.0.0"), "a file where the folder was");

        assertThatThrownBy(() -> registry.report(call(), report("v1.0.0", "host-1", Optional.empty())))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("leave the audit file");
    }

    @Test
    void saysThatTheReleaseIsGone() {
        assertThatThrownBy(() -> registry.report(call(), report("v2.0.0", "host-1", Optional.empty())))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void writesNothingOutsideOfTheRegistry() {
        assertThatThrownBy(() -> registry.report(call(), report("..", "host-1", Optional.empty())))
                .isInstanceOf(InvalidException.class);
    }

    private static DeploymentReport report(String tag, String host, Optional<String> error) {
        return new DeploymentReport(TestFolder.deliverable(tag, "app.tar.gz"), host, "server", AT, error);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("v1.0.0"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
