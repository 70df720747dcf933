package dewy.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OptionsDocumentTest {
    @Test
    void listsEveryOption() throws IOException {
        List<String> rows = rows().stream()
                .map(row -> row.replaceFirst("\\| [^|]*\\|([^|]*)\\|$", "|$1|"))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(
                        CommandOption.ALL.stream().map(OptionsDocumentTest::row).toList());
    }

    @Test
    void namesTheCommandsOfEachOption() throws IOException {
        List<String> rows = rows();
        for (int i = 0; i < CommandOption.ALL.size(); i++) {
            assertThat(Stream.of(rows.get(i).split("\\|", -1)[3].strip().split(", ", -1)))
                    .containsExactlyInAnyOrderElementsOf(
                            CommandOption.ALL.get(i).commands());
        }
    }

    private static List<String> rows() throws IOException {
        String document = Files.readString(Path.of("../docs/options.md"));
        String table = document.substring(document.indexOf("## Options"), document.indexOf("## Commands of the shell"));
        return table.lines().filter(line -> line.startsWith("| `-")).toList();
    }

    private static String row(CommandOption option) {
        String names = option.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return "| " + names + " | " + option.label() + " | " + option.help() + " |";
    }
}
