package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.PluginState;
import dewy.view.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the commands say about themselves, beside what the documentation says. */
class CommandsDocumentTest {
    private final Commands commands = new Commands(Host.local(Optional::empty, Optional::empty));

    @Test
    void describesEachCommandInTheOrderOfItsHelp() throws IOException {
        assertThat(firstCells("Commands of the shell"))
                .filteredOn(cell -> !cell.startsWith("-"))
                .containsExactlyElementsOf(usages());
    }

    @Test
    void describesEachOptionOfPluginCommands() throws IOException {
        List<String> described = firstCells("Plugins");
        for (String usage : usages()) {
            String[] words = usage.split(" ", -1);
            if (words[0].equals("plugin")) {
                String help =
                        commands.run("help", List.of(words), Samples.SCRIPT).text();
                assertThat(described)
                        .containsAll(help.lines()
                                .filter(line -> line.startsWith("  -"))
                                .map(line -> line.strip().split(" {2,}", 2)[0])
                                .toList());
            }
        }
        assertThat(described).contains("--digest DIGEST");
    }

    @Test
    void describesEachStateOfAPlugin() throws IOException {
        assertThat(firstCells("Plugins"))
                .containsAll(Arrays.stream(PluginState.values()).map(Words::of).toList());
    }

    private List<String> usages() {
        return rows("help")
                .flatMap(row -> row.endsWith(" COMMAND") ? rows("help", row.split(" ", 2)[0]) : Stream.of(row))
                .toList();
    }

    private Stream<String> rows(String... words) {
        String help = commands.run(words[0], List.of(words).subList(1, words.length), Samples.SCRIPT)
                .text();
        return help.lines().skip(1).takeWhile(line -> !line.isEmpty()).map(line -> line.split(" {2,}", 2)[0]);
    }

    /** Returns what stands first in the rows of the tables of a section, without its marks. */
    private static List<String> firstCells(String section) throws IOException {
        String document = Files.readString(Path.of("../docs/options.md"));
        String text = document.split("\n## " + section + "\n", 2)[1].split("\n## ", 2)[0];
        return text.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", 3)[1].replace("`", "").strip())
                .collect(Collectors.toList());
    }
}
