package dewy.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dewy.api.control.AppDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    void leavesWhatIsSaidOfTheProxyToItsPlugin() throws CommandLineException {
        AppDefinition app = definition(
                "server", "--registry=file:///r", "--proxy-balance", "least-in-flight", "--proxy-x=a=b", "--", "app");
        assertThat(app.options())
                .containsEntry("proxy-balance", List.of("least-in-flight"))
                .containsEntry("proxy-x", List.of("a=b"));
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
        "assets --registry file:///r --proxy-x y, 'no option --proxy-x of assets, but of container and server'",
        "assets --registry file:///r -p 80, 'no option -p of assets, but of container and server'",
        "serve, server",
        "server --registry, --registry",
        "server --registry file:///r -l loud -- app, 'error, warn, info, debug'",
        "assets --registry file:///r more, more is one too many",
        "--registry file:///r, no command for --registry. Begin with one of server",
        "--regisry=file:///r assets, no option --regisry",
        "serve, 'Did you mean server or assets'",
        "server --registry file:///r -p -- app, --port",
        "assets --interval --registry file:///r, found '--registry'",
        "serve --help, no command serve",
        "assets --registry file:///r --otlp-endpoint collector, 'Write https://HOST:PORT, http://HOST:PORT or HOST:PORT'",
        "assets --registry file:///r --otlp-endpoint https://me:secret@collector, --otlp-endpoint is no address",
        "host -d /no/such/dir, 'the directory /no/such/dir is not there. Create it'",
        "host -d /dev/null, the directory /dev/null is no folder",
    })
    void saysWhatIsWrongAndWhereHelpIs(String line, String expected) {
        assertThatThrownBy(() -> CommandLines.parse(line.split(" ", -1)))
                .isInstanceOf(CommandLineException.class)
                .hasMessageContaining(expected)
                .hasMessageContaining("--help'.");
    }

    @Test
    void tellsTheBundleOfMetricsWhatIsAskedOfIt() throws CommandLineException {
        assertThat(properties("server --registry file:///r --otlp-endpoint collector:4318 --otlp-insecure"))
                .containsOnly(
                        entry("dewy.telemetry.otlp-endpoint", "collector:4318"),
                        entry("dewy.telemetry.otlp-insecure", "true"));
    }

    @Test
    void hasAnAdminApiWhereOneIsAskedForAndOfMoreThanOneProgram() throws CommandLineException {
        Map.Entry<String, String> usual = entry("dewy.admin.port", "17539");
        assertThat(properties("host -d /tmp")).containsOnly(usual);
        assertThat(properties("container --registry img://host/app")).containsOnly(usual);
        assertThat(properties("host -d /tmp --admin-port none")).isEmpty();
        assertThat(properties("server --registry file:///r")).isEmpty();
        assertThat(properties("assets --registry file:///r --admin-port 20000"))
                .containsOnly(entry("dewy.admin.port", "20000"));
        assertThat(properties("server --registry file:///r --admin-host a --admin-host b"))
                .containsOnly(usual, entry("dewy.admin.host", "a,b"));
        assertThat(properties("server --registry file:///r --telemetry"))
                .containsOnly(usual, entry("dewy.telemetry.telemetry", "true"));
    }

    private static Map<String, String> properties(String line) throws CommandLineException {
        String[] words = (line + (line.startsWith("server") ? " -- app" : "")).split(" ", -1);
        return ((Invocation.Run) CommandLines.parse(words)).options().properties();
    }

    @Test
    void leavesToTheShellAndToPrintWhatStandsBehindTheirFirstWord() throws CommandLineException {
        assertThat(CommandLines.parse("shell", "-d", "/srv", "status", "--json", "-h"))
                .isEqualTo(new Invocation.Shell(Path.of("/srv/.dewy"), List.of("status", "--json", "-h")));
        assertThat(CommandLines.parse("config", "print", "assets", "--registry", "file:///r"))
                .isEqualTo(new Invocation.Config(List.of("print", "assets", "--registry", "file:///r")));
    }

    @ParameterizedTest
    @CsvSource({
        "container list -d /srv shop --json, shop --json",
        "container -d /srv list, ''",
        "-d /srv container list, ''",
        "container list --home=/srv/.dewy, ''",
    })
    void asksTheAgentForItsContainers(String line, String rest) throws CommandLineException {
        List<String> command = new ArrayList<>(List.of("containers"));
        command.addAll(List.of(rest.split(" ", -1)));
        command.remove("");
        assertThat(CommandLines.parse(line.split(" ", -1)))
                .isEqualTo(new Invocation.Shell(Path.of("/srv/.dewy"), command));
    }

    @Test
    void onlyLooksInADryRun() throws CommandLineException {
        assertThat(CommandLines.parse("assets", "--dry-run", "--registry", "file:///r"))
                .isEqualTo(new Invocation.DryRun(
                        new AppDefinition("assets", Map.of("registry", List.of("file:///r")), List.of())));
    }

    @Test
    void readsNoArgumentsFromFiles() throws CommandLineException {
        String file = "@src/test/resources/upstream-command-lines.txt";
        assertThat(definition("server", "--registry", "file:///r", "--", "app", file)
                        .arguments())
                .containsExactly("app", file);
    }

    @Test
    void offersHelpForEachCommand() throws CommandLineException {
        assertThat(CommandLines.parse("server", "--help")).isEqualTo(new Invocation.Help("server"));
        assertThat(CommandLines.parse("--help", "server")).isEqualTo(new Invocation.Help("server"));
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
