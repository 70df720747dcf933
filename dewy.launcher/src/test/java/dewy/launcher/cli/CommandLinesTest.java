package dewy.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.control.AppDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLinesTest {
    @Test
    void turnsEachOptionIntoAnOptionOfTheApp() throws CommandLineException {
        List<String> line = new ArrayList<>(List.of("server"));
        CommandOption.ALL.stream()
                .filter(option -> option.commands().contains("server") && !option.agentWide())
                .forEach(option -> {
                    line.add(option.names().get(0));
                    if (!option.label().isEmpty()) {
                        line.add("value-of-" + option.name());
                    }
                });
        line.addAll(List.of("--", "current/app", "--port", "-i"));
        AppDefinition app = definition(line.toArray(String[]::new));
        for (CommandOption option : CommandOption.ALL) {
            if (option.commands().contains("server") && !option.agentWide()) {
                String expected = option.label().isEmpty() ? "true" : "value-of-" + option.name();
                assertThat(app.options()).containsEntry(option.name(), List.of(expected));
            }
        }
        assertThat(app.arguments()).containsExactly("current/app", "--port", "-i");
    }

    @Test
    void readsUpstreamsCommandLines() throws CommandLineException {
        AppDefinition app = definition(
                "server",
                "--registry",
                "ghr://owner/repo",
                "--notifier",
                "slack://dev",
                "-p",
                "8080",
                "-p",
                "8081",
                "-l",
                "info",
                "--",
                "/opt/app/current/app");
        assertThat(app.options()).containsEntry("port", List.of("8080", "8081"));
        assertThat(app.options())
                .containsEntry("notifier", List.of("slack://dev"))
                .doesNotContainKey("log-level");
    }

    @Test
    void keepsTheHomeInTheAppDirectoryUnlessItIsNamed() throws CommandLineException {
        assertThat(run("assets", "--registry", "file:///r", "-d", "/srv/app")
                        .options()
                        .home())
                .isEqualTo(Path.of("/srv/app/.dewy"));
        assertThat(run("assets", "--registry", "file:///r", "-d", "/srv/app", "--home", "/var/dewy")
                        .options()
                        .home())
                .isEqualTo(Path.of("/var/dewy"));
    }

    @ParameterizedTest
    @CsvSource({
        "server --regisry x -- app, --registry",
        "server -- app, no registry",
        "server --registry file:///r, no command to start",
        "assets --registry file:///r --port 80, --port",
        "serve, server",
        "server --registry, --registry",
        "server --registry file:///r -l loud -- app, 'error, warn, info, debug'",
        "assets --registry file:///r --telemetry, --telemetry",
    })
    void saysWhatIsWrongAndWhereHelpIs(String line, String expected) {
        assertThatThrownBy(() -> CommandLines.parse(line.split(" ", -1)))
                .isInstanceOf(CommandLineException.class)
                .hasMessageContaining(expected)
                .hasMessageContaining("--help'.");
    }

    @Test
    void offersHelpForEachCommand() throws CommandLineException {
        assertThat(CommandLines.parse("server", "--help")).isEqualTo(new Invocation.Help("server"));
        assertThat(CommandLines.parse("-h")).isEqualTo(new Invocation.Help(""));
        assertThat(CommandLines.parse("--version")).isEqualTo(new Invocation.Version());
        assertThat(CommandLines.help("server")).contains("--stop-timeout").contains("default: 30s");
        assertThat(CommandLines.help("assets")).doesNotContain("--port");
    }

    private static Invocation.Run run(String... line) throws CommandLineException {
        return (Invocation.Run) CommandLines.parse(line);
    }

    private static AppDefinition definition(String... line) throws CommandLineException {
        return run(line).app().orElseThrow();
    }
}
