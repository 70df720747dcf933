package dewy.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.control.AppDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Command lines that people bring from linyows/dewy. */
class UpstreamCommandLinesTest {
    private static final Path TABLE = Path.of("src/test/resources/upstream-command-lines.txt");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\\S+");

    record Case(String line, String expected) {
        static Case of(String block) {
            String[] parts = block.split("\n", 2);
            return new Case(parts[0].replace("$ dewy ", ""), parts[1].strip());
        }

        String[] words() {
            return WORD.matcher(line)
                    .results()
                    .map(word -> word.group(1) == null ? word.group() : word.group(1))
                    .toArray(String[]::new);
        }
    }

    static Stream<Case> understood() throws IOException {
        return cases().filter(each -> !each.expected().startsWith("!"));
    }

    static Stream<Case> lacking() throws IOException {
        return cases().filter(each -> each.expected().startsWith("!"));
    }

    @ParameterizedTest
    @MethodSource
    void understood(Case given) throws CommandLineException {
        Invocation.Run run = (Invocation.Run) CommandLines.parse(given.words());
        assertThat(text(run.app().orElseThrow())).isEqualTo(given.expected());
    }

    @ParameterizedTest
    @MethodSource
    void lacking(Case given) {
        assertThatThrownBy(() -> CommandLines.parse(given.words()))
                .isInstanceOf(CommandLineException.class)
                .hasMessageContaining(given.expected().substring(2));
    }

    private static Stream<Case> cases() throws IOException {
        String table = Files.readAllLines(TABLE).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
        List<String> blocks = List.of(table.strip().split("\n\n+", -1));
        assertThat(blocks).isNotEmpty().allMatch(block -> block.startsWith("$ dewy "));
        return blocks.stream().map(Case::of);
    }

    private static String text(AppDefinition app) {
        StringBuilder text = new StringBuilder("command: " + app.command());
        app.options().forEach((name, values) -> text.append("\n" + name + ": " + String.join(", ", values)));
        return text + (app.arguments().isEmpty() ? "" : "\nrun: " + String.join(", ", app.arguments()));
    }
}
