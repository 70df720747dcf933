package dewy.registry.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.PluginUrl;
import dewy.tck.TestApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryFolderTest {
    private final Path app;

    RegistryFolderTest(@TempDir Path app) {
        this.app = app;
    }

    @Test
    void takesAbsolutePathsAndThoseOfLocalhost() throws Exception {
        assertThat(folder("file:///srv/releases").root()).isEqualTo(Path.of("/srv/releases"));
        assertThat(folder("file://localhost/srv/releases").root()).isEqualTo(Path.of("/srv/releases"));
        assertThat(folder("file:/srv/my%20releases").root()).isEqualTo(Path.of("/srv/my releases"));
    }

    @Test
    void takesRelativePathsFromTheAppDirectory() throws Exception {
        assertThat(folder("file:releases/web").root()).isEqualTo(app.resolve("releases/web"));
    }

    @Test
    void waitsHalfASecondForFilesToSettleUnlessToldOtherwise() throws Exception {
        assertThat(folder("file:///srv").settle()).isEqualTo(Duration.ofMillis(500));
        assertThat(folder("file:///srv?settle=2s").settle()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void explainsTheThirdSlash() {
        assertThatThrownBy(() -> folder("file://srv/releases"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("\"srv\"")
                .hasMessageContaining("three slashes, as in file:///srv/releases");
    }

    @Test
    void refusesAUrlWithoutAFolder() {
        for (String url : new String[] {"file", "file:", "file://", "file://localhost"}) {
            assertThatThrownBy(() -> folder(url))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("names no folder");
        }
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> folder("file://srv/a%00b?settle=soon&colour=red"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("three slashes")
                .hasMessageContaining("settle=soon")
                .hasMessageContaining("cannot be one")
                .hasMessageContaining("unknown parameter \"colour\"")
                .hasMessageContaining("It takes settle");
    }

    @Test
    void opensWithoutTheFolderBeingThere() throws Exception {
        Path missing = app.resolve("missing");
        PluginUrl url = PluginUrl.parse("file://" + missing);

        new FileRegistryProvider().open(url, TestApp.in(app)).close();
        new FileArtifactProvider().open(url, TestApp.in(app)).close();

        assertThat(Files.exists(missing)).isFalse();
    }

    private RegistryFolder folder(String url) throws InvalidException {
        return RegistryFolder.of(PluginUrl.parse(url), TestApp.in(app));
    }
}
