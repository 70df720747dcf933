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
        String document = Files.readString(Path.of("../docs/options.md"));
        String table = document.substring(document.indexOf("## Options"), document.indexOf("## Commands of the shell"));
        List<String> rows = table.lines()
                .filter(line -> line.startsWith("| `"))
                .map(row -> row.replaceFirst("\\| [^|]*\\|([^|]*)\\|$", "|$1|"))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(
                        CommandOption.ALL.stream().map(OptionsDocumentTest::row).toList());
    }

    private static String row(CommandOption option) {
        String names = option.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return "| " + names + " | " + option.label() + " | " + option.help() + " |";
    }

    @Test
    void namesTheCommandsOfEachOption() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../docs/options.md"));
        for (CommandOption option : CommandOption.ALL) {
            String row = lines.stream()
                    .filter(line -> line.contains("`--" + option.name() + "`") && line.startsWith("| `"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Stream.of(row.split("\\|", -1)[3].strip().split(", ", -1)))
                    .containsExactlyInAnyOrderElementsOf(option.commands());
        }
    }
}
