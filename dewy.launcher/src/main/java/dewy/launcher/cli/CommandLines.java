package dewy.launcher.cli;

import dewy.api.control.AppDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads command lines, and describes them. */
public final class CommandLines {
    private static final Map<String, String> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("server", "Keep a server at the newest release, replacing it without losing a request");
        COMMANDS.put("assets", "Keep files at the newest release");
        COMMANDS.put("demo", "Watch an upgrade under load, with nothing to set up");
        COMMANDS.put("shell", "Send a command to a running agent");
        COMMANDS.put("host", "Run an agent with the apps of a file or none, with the Gogo prompt on a terminal");
        COMMANDS.put("config", "Check a file with apps, print what is meant, or print the schema of such files");
    }

    private static final Map<String, String> ARGUMENTS = Map.of(
            "server", "command line of the server, behind --",
            "shell", "command of the agent, such as status",
            "config", "check [FILE], print [FILE], print server|assets OPTIONS, or schema");

    private CommandLines() {}

    /**
     * Reads a command line.
     *
     * @throws CommandLineException if it cannot be understood, with what to tell the user
     */
    public static Invocation parse(String... arguments) throws CommandLineException {
        CommandLine root = new CommandLine(root());
        root.setStopAtPositional(true);
        root.setOverwrittenOptionsAllowed(true);
        try {
            ParseResult parsed = root.parseArgs(arguments);
            return parsed.hasSubcommand() ? invocation(parsed.subcommand()) : bare(parsed);
        } catch (ParameterException e) {
            throw explained(e);
        }
    }

    /** Returns the help text of a command; that of the whole when it is empty. */
    public static String help(String command) {
        CommandLine root = new CommandLine(root());
        CommandLine shown = command.isEmpty() ? root : root.getSubcommands().get(command);
        return shown == null ? "" : shown.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    private static Invocation bare(ParseResult parsed) {
        if (parsed.hasMatchedOption("--help")) {
            return new Invocation.Help("");
        }
        return parsed.hasMatchedOption("--version") ? new Invocation.Version() : new Invocation.Bare();
    }

    private static Invocation invocation(ParseResult parsed) throws CommandLineException {
        String command = parsed.commandSpec().name();
        if (parsed.hasMatchedOption("--help")) {
            return new Invocation.Help(command);
        }
        if (parsed.hasMatchedOption("--version")) {
            return new Invocation.Version();
        }
        List<String> arguments =
                parsed.hasMatchedPositional(0) ? parsed.matchedPositional(0).originalStringValues() : List.of();
        Map<String, List<String>> app = values(parsed, false);
        AgentOptions agent = AgentOptions.of(command, values(parsed, true), app);
        return switch (command) {
            case "shell" -> new Invocation.Shell(agent.home(), arguments);
            case "demo" -> new Invocation.Demo();
            case "config" -> new Invocation.Config(arguments);
            case "host" -> new Invocation.Run(agent, Optional.empty());
            default -> new Invocation.Run(agent, Optional.of(definition(command, app, arguments)));
        };
    }

    private static AppDefinition definition(String command, Map<String, List<String>> options, List<String> arguments)
            throws CommandLineException {
        if (!options.containsKey("registry")) {
            throw wrong("there is no registry. Give it with --registry", command);
        }
        if ("server".equals(command) && arguments.isEmpty()) {
            throw wrong("there is no command to start. Give it behind --, as in -- current/app", command);
        }
        return new AppDefinition(command, options, arguments);
    }

    private static Map<String, List<String>> values(ParseResult parsed, boolean agentWide) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (CommandOption option : CommandOption.ALL) {
            OptionSpec matched = parsed.matchedOption(option.names().get(0));
            if (matched != null && option.agentWide() == agentWide) {
                List<String> given = matched.originalStringValues();
                values.put(option.name(), option.label().isEmpty() ? List.of("true") : given);
            }
        }
        return values;
    }

    private static CommandSpec root() {
        CommandSpec root = CommandSpec.create().name("dewy");
        root.usageMessage()
                .description("Deploys the newest release of applications onto this host, by pulling.")
                .footer("", "Exit codes: 0 well, 1 configuration, 2 network, 3 file system, 4 application.");
        addStandard(root);
        COMMANDS.forEach((name, description) -> root.addSubcommand(name, command(name, description)));
        return root;
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec command = CommandSpec.create();
        command.usageMessage().description(description).sortOptions(false);
        CommandOption.ALL.stream()
                .filter(option -> option.commands().contains(name))
                .forEach(option -> command.addOption(option.spec()));
        if (ARGUMENTS.containsKey(name)) {
            command.addPositional(PositionalParamSpec.builder()
                    .paramLabel("COMMAND")
                    .arity("0..*")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .description(ARGUMENTS.getOrDefault(name, ""))
                    .build());
        }
        addStandard(command);
        return command;
    }

    private static void addStandard(CommandSpec command) {
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

    private static CommandLineException explained(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = String.valueOf(e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            message += ". Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
        }
        return new CommandLineException(message, command);
    }

    /** Returns what to tell about a wrong command line. */
    public static CommandLineException wrong(String message, String command) {
        return new CommandLineException(message, "dewy " + command);
    }
}
