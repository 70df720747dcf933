package dewy.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PluginKindTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| `(dewy\\.api\\.[\\w.]+)` \\|");

    @Test
    void theGuideHasAllThereAre() throws IOException {
        List<String> written = ROW.matcher(Files.readString(Path.of("../docs/plugins.md")))
                .results()
                .map(PluginKindTest::kind)
                .toList();
        assertThat(PluginKind.ALL)
                .extracting(kind -> kind.name() + " " + kind.type().getName())
                .containsExactlyElementsOf(written);
    }

    private static String kind(MatchResult row) {
        return row.group(1) + " " + row.group(2);
    }
}
