package dewy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.AppDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenAppTest {
    @TempDir
    Path folder;

    @Test
    void isInTheSameDirectoryByWhateverLinksItIsNamed() throws Exception {
        Path apps = Files.createDirectory(folder.resolve("apps"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), apps);
        assertThat(in(link)).isEqualTo(in(apps));
        assertThat(in(link.resolve("new/web"))).as("not there yet").isEqualTo(in(apps.resolve("new/web")));
        assertThat(in(link.resolve("new/web"))).isNotEqualTo(in(apps.resolve("new/api")));
    }

    private static Path in(Path directory) {
        Map<String, List<String>> options = Map.of(AppKeys.DIR, List.of(directory.toString()));
        return new WrittenApp(new AppDefinition("server", options, List.of()), 1, Map.of(), Set.of()).directory();
    }
}
