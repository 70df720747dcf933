package dewy.launcher.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command of the command line.
 *
 * @param name what it is called
 * @param synopsis what may stand behind its name, a line for each way to use it
 * @param description what it does
 * @param arguments what its arguments are; empty when it has none
 */
record CommandDescription(String name, List<String> synopsis, String description, String arguments) {
    /** All commands, in the order in which they are shown. */
    static final List<CommandDescription> ALL = List.of(
            new CommandDescription(
                    "server",
                    List.of("--registry URL [OPTIONS] -- COMMAND [ARGUMENT]..."),
                    "Keep a server at the newest release, replacing it without losing a request",
                    "command line of the server, behind --"),
            new CommandDescription(
                    "assets", List.of("--registry URL [OPTIONS]"), "Keep files at the newest release", ""),
            new CommandDescription(
                    "container",
                    List.of("--registry URL [OPTIONS] [-- DOCKER-RUN-OPTION...]", "list [-d DIR] [APP] [--json]"),
                    "Keep containers at the newest image behind a proxy, replacing them without losing a request",
                    "options for each container, behind --, as docker run takes them"),
            new CommandDescription("demo", List.of(""), "Watch an upgrade under load, with nothing to set up", ""),
            new CommandDescription(
                    "shell",
                    List.of("[OPTIONS] [COMMAND [ARGUMENT]...]"),
                    "Send a command to a running agent",
                    "command of the agent, such as status"),
            new CommandDescription(
                    "host",
                    List.of("[OPTIONS]"),
                    "Run an agent with the apps of a file or none, with the Gogo prompt on a terminal",
                    ""),
            new CommandDescription(
                    "config",
                    List.of("check [FILE]", "print [FILE]", "print server|assets|container OPTIONS", "schema"),
                    "Check a file with apps, print what is meant, or print the schema of such files",
                    "what to do, and with which file (default: dewy.yaml)"),
            new CommandDescription("man", List.of(""), "Print the manual page, to be read with man -l -", ""),
            new CommandDescription(
                    "completion", List.of(""), "Print a script by which bash completes commands and options", ""));

    static List<String> names() {
        return ALL.stream().map(CommandDescription::name).toList();
    }

    CommandSpec spec() {
        CommandSpec command = CommandSpec.create();
        String[] lines = synopsis.stream()
                .map(line -> ("dewy " + name + " " + line).strip())
                .toArray(String[]::new);
        command.usageMessage().customSynopsis(lines).description(description).sortOptions(false);
        CommandOption.ALL.stream()
                .filter(option -> option.commands().contains(name))
                .forEach(option -> command.addOption(option.spec()));
        if (!arguments.isEmpty()) {
            command.addPositional(PositionalParamSpec.builder()
                    .paramLabel("ARGUMENT")
                    .arity("0..*")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .description(arguments)
                    .build());
        }
        addStandard(command);
        if ("shell".equals(name)) {
            command.usageMessage().footer(ShellCommand.list());
        }
        return command;
    }

    static void addStandard(CommandSpec command) {
        command.addOption(OptionSpec.builder("-v", "--version")
                .arity("0")
                .versionHelp(true)
                .description("show the version")
                .build());
        command.addOption(OptionSpec.builder("-h", "--help")
                .arity("0")
                .usageHelp(true)
                .description("show this help")
                .build());
    }
}
