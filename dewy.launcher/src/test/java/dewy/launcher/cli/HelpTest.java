package dewy.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
    static List<String> commands() {
        return CommandDescription.names();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void breaksNoLineWithinAValue(String command) {
        List<String> lines = CommandLines.help(command).lines().toList();
        List<String> words = lines.stream()
                .flatMap(line -> Arrays.stream(line.strip().split(" +", -1)))
                .toList();
        for (CommandOption option : CommandOption.ALL) {
            if (option.commands().contains(command)) {
                assertThat(words).contains(option.help().split(" ", -1));
            }
        }
        assertThat(lines).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(80)
                .doesNotEndWith("(default:")
                .doesNotEndWith(">=1.2"));
    }

    @Test
    void listsTheCommandsOfTheAgent() throws IOException {
        assertThat(CommandLines.help("shell"))
                .contains("Commands of the agent:\n")
                .contains("  status [app]              show everything about an app\n");
        assertThat(documented()).hasSameSizeAs(ShellCommand.ALL);
        for (int i = 0; i < documented().size(); i++) {
            ShellCommand command = ShellCommand.ALL.get(i);
            assertThat(documented().get(i).replaceAll("\\[([^]]*)\\]\\(#[^)]*\\)", "$1"))
                    .startsWith("| `" + command.usage() + "` | " + command.summary());
        }
    }

    /** That these are the commands of the agent, a test of the shell says. */
    private static List<String> documented() throws IOException {
        Stream<String> lines = Files.readString(Path.of("../docs/options.md")).lines();
        return lines.dropWhile(line -> !"## Commands of the shell".equals(line))
                .skip(1)
                .dropWhile(line -> !line.startsWith("| `"))
                .takeWhile(line -> line.startsWith("| `"))
                .toList();
    }
}
