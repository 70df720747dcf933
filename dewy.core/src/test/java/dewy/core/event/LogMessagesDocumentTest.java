package dewy.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LogMessagesDocumentTest {
    @Test
    void listsEveryEventAsItIsLogged() throws IOException {
        String document = Files.readString(Path.of("../docs/log-messages.md"));
        String table =
                document.substring(document.indexOf("## What Dewy does"), document.indexOf("## What the runtime"));
        List<String> rows = table.lines().filter(line -> line.startsWith("| `")).toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(EventKind.values())
                        .map(LogMessagesDocumentTest::row)
                        .toList());
    }

    private static String row(EventKind kind) {
        String keys = kind.keys().stream().map(key -> "`" + key + "`").collect(Collectors.joining(", "));
        return "| `" + kind.type() + "` | " + kind.level() + " | " + kind.text() + " | " + keys + " | "
                + kind.notice().orElse("") + " |";
    }
}
