package dewy.cache.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.plugin.PluginUrl;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheLocationTest {
    private static final Map<String, String> NOTHING_SET = Map.of();

    private final Path app;

    CacheLocationTest(@TempDir Path app) {
        this.app = app;
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "file:", "file://"})
    void isInTheStateDirectoryUnlessNamed(String url) throws Exception {
        CacheLocation location = location(url, NOTHING_SET);

        assertThat(location.folder()).isEqualTo(app.resolve(".dewy/cache"));
        assertThat(location.marker()).isEqualTo("current");
    }

    @Test
    void isWhereTheEnvironmentSaysInAFolderOfTheApp() throws Exception {
        CacheLocation location = location("file:", Map.of("DEWY_CACHEDIR", "/var/cache/dewy"));

        assertThat(location.folder()).isEqualTo(Path.of("/var/cache/dewy/my-app"));
        assertThat(location.marker()).isEqualTo("current.host-1.my-app");
    }

    @Test
    void isWhereTheUrlSaysBeforeAnythingElse() throws Exception {
        CacheLocation location = location("file:///srv/my%20cache", Map.of("DEWY_CACHEDIR", "/var/cache/dewy"));

        assertThat(location.folder()).isEqualTo(Path.of("/srv/my cache/my-app"));
        assertThat(location.marker()).isEqualTo("current.host-1.my-app");
        assertThat(location("file://localhost/srv", NOTHING_SET).folder()).isEqualTo(Path.of("/srv/my-app"));
        assertThat(location("file:shared/../cache", NOTHING_SET).folder()).isEqualTo(app.resolve("cache/my-app"));
    }

    @Test
    void holdsFourGigabytesUnlessToldOtherwise() throws Exception {
        assertThat(location("file:", NOTHING_SET).maxSize()).isEqualTo(4L << 30);
        assertThat(location("file:?max-size=512MB", NOTHING_SET).maxSize()).isEqualTo(512L << 20);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> location("file://srv/a%00b?max-size=0&registry=x", NOTHING_SET))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("three slashes, as in file:///srv/")
                .hasMessageContaining("cannot be one")
                .hasMessageContaining("room for nothing")
                .hasMessageContaining("unknown parameter \"registry\"");
    }

    private CacheLocation location(String url, Map<String, String> environment) throws InvalidException {
        return CacheLocation.of(PluginUrl.parse(url), TestApp.in(app).named("my/app"), environment);
    }
}
