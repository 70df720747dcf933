package dewy.launcher.cli;

import dewy.api.control.AppDefinition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reads command lines, and describes them. */
public final class CommandLines {
    /** The commands whose arguments are a command line of their own. */
    private static final Set<String> NESTED = Set.of("shell", "config");

    private CommandLines() {}

    /**
     * Reads a command line.
     *
     * @throws CommandLineException if it cannot be understood, with what to tell the user
     */
    public static Invocation parse(String... arguments) throws CommandLineException {
        String[] line = CommandFirst.of(CommandDescription.names(), arguments);
        if (asksForContainers(line)) {
            return parseAny(asShell(line));
        }
        Optional<PlainLine> plain = PlainLine.of(line);
        return plain.isPresent() ? invocation(plain.get()) : parseAny(line);
    }

    /** Reads a command line, however it is written. */
    static Invocation parseAny(String... line) throws CommandLineException {
        try {
            ParseResult parsed = parser(line).parseArgs(line);
            return parsed.hasSubcommand() ? invocation(parsed.subcommand()) : bare(parsed);
        } catch (ParameterException e) {
            throw explained(e);
        }
    }

    /** Returns all commands with their options and arguments. */
    public static CommandSpec model() {
        return model(CommandDescription.ALL);
    }

    private static CommandSpec model(List<CommandDescription> commands) {
        CommandSpec root = CommandSpec.create().name("dewy");
        root.usageMessage()
                .customSynopsis("dewy COMMAND [OPTIONS]")
                .description("Deploys the newest release of applications onto this host, by pulling.")
                .footer(
                        "",
                        "Exit codes: 0 well, 1 configuration, 2 network, 3 file system, 4 application, 5 cancelled.");
        CommandDescription.addStandard(root);
        commands.forEach(command -> root.addSubcommand(command.name(), command.spec()));
        return root;
    }

    /** Returns the help text of a command; that of the whole when it is empty. */
    public static String help(String command) {
        CommandLine root = new CommandLine(model());
        CommandLine shown = command.isEmpty() ? root : root.getSubcommands().get(command);
        return shown == null ? "" : shown.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    /** Returns a script by which bash completes command lines. */
    public static String completion() {
        return AutoComplete.bash("dewy", new CommandLine(model()));
    }

    /** Of a line with a command it knows that command only: all of them would take longer than the rest of the reading. */
    private static CommandLine parser(String... line) {
        List<CommandDescription> named = CommandDescription.ALL.stream()
                .filter(command -> line.length > 0 && command.name().equals(line[0]))
                .toList();
        CommandLine root = new CommandLine(model(named.isEmpty() ? CommandDescription.ALL : named));
        Stream.of("server", "container")
                .flatMap(name -> Optional.ofNullable(root.getSubcommands().get(name)).stream())
                .forEach(command -> addOthers(command.getCommandSpec(), line));
        root.setOverwrittenOptionsAllowed(true);
        // An argument such as @name is the server's own.
        root.setExpandAtFiles(false);
        // What the agent and a nested command line are to read stays as it is.
        root.getSubcommands().forEach((name, command) -> command.setStopAtPositional(NESTED.contains(name)));
        return root;
    }

    private static void addOthers(CommandSpec command, String... line) {
        CommandOption.all(Stream.of(line)).stream()
                .filter(option -> !CommandOption.ALL.contains(option))
                .forEach(option -> command.addOption(option.spec()));
    }

    /** Somebody who asks about a command that there is not is not to be told of all the others. */
    private static Invocation bare(ParseResult parsed) {
        if (!parsed.unmatched().isEmpty()) {
            throw new UnmatchedArgumentException(parsed.commandSpec().commandLine(), parsed.unmatched());
        }
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
            case "man" -> new Invocation.Manual();
            case "completion" -> new Invocation.Completion();
            case "host" -> new Invocation.Run(agent, Optional.empty());
            default -> ofApp(parsed.hasMatchedOption("--dry-run"), agent, definition(command, app, arguments));
        };
    }

    private static Invocation invocation(PlainLine line) throws CommandLineException {
        String command = line.command();
        Map<String, List<String>> app = values(line, false);
        Map<String, List<String>> agentWide = values(line, true);
        AgentOptions agent = AgentOptions.of(command, agentWide, app);
        return "host".equals(command)
                ? new Invocation.Run(agent, Optional.empty())
                : ofApp(agentWide.containsKey("dry-run"), agent, definition(command, app, line.arguments()));
    }

    private static Invocation ofApp(boolean dry, AgentOptions agent, AppDefinition app) {
        return dry ? new Invocation.DryRun(app) : new Invocation.Run(agent, Optional.of(app));
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

    private static boolean asksForContainers(String... line) {
        int word = CommandFirst.wordBehindOptions(1, line);
        return line.length > 0 && "container".equals(line[0]) && word < line.length && "list".equals(line[word]);
    }

    /** Returns the line by which the running agent is asked for its containers: options of the shell come before its command. */
    private static String[] asShell(String... line) {
        List<String> shell = new ArrayList<>(List.of("shell"));
        List<String> command = new ArrayList<>(List.of("containers"));
        List<String> words = new ArrayList<>(List.of(line).subList(1, line.length));
        words.remove("list");
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            Optional<CommandOption> option =
                    CommandOption.named(word).filter(known -> known.commands().contains("shell"));
            (option.isPresent() ? shell : command).add(word);
            if (option.isPresent() && !word.contains("=") && rest.hasNext()) {
                shell.add(rest.next());
            }
        }
        return Stream.concat(shell.stream(), command.stream()).toArray(String[]::new);
    }

    private static Map<String, List<String>> values(ParseResult parsed, boolean agentWide) {
        Stream<String> names = parsed.commandSpec().optionsMap().keySet().stream();
        return values(CommandOption.all(names), agentWide, option -> {
            OptionSpec matched = parsed.matchedOption(option.names().get(0));
            return matched == null ? List.of() : matched.originalStringValues();
        });
    }

    private static Map<String, List<String>> values(PlainLine line, boolean agentWide) {
        Stream<String> names = line.values().keySet().stream().map("--"::concat);
        return values(
                CommandOption.all(names), agentWide, option -> line.values().getOrDefault(option.name(), List.of()));
    }

    private static Map<String, List<String>> values(
            List<CommandOption> options, boolean agentWide, Function<CommandOption, List<String>> all) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (CommandOption option : options) {
            List<String> given = all.apply(option);
            if (!given.isEmpty() && option.agentWide() == agentWide) {
                List<String> counting = option.repeatable() ? given : given.subList(given.size() - 1, given.size());
                values.put(option.name(), option.label().isEmpty() ? List.of("true") : counting);
            }
        }
        return values;
    }

    private static CommandLineException explained(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        if (e instanceof UnmatchedArgumentException unmatched) {
            return new CommandLineException(unknown(unmatched, "dewy".equals(command)), command);
        }
        return new CommandLineException(String.valueOf(e.getMessage()), command);
    }

    private static String unknown(UnmatchedArgumentException e, boolean commandMissing) {
        for (String argument : e.getUnmatched()) {
            Optional<String> notHere = NotHere.explain(argument);
            if (notHere.isPresent()) {
                return notHere.get();
            }
        }
        String first = e.getUnmatched().get(0);
        String command = e.getCommandLine().getCommandName();
        Optional<CommandOption> elsewhere =
                CommandOption.named(first).filter(option -> !option.commands().contains(command));
        if (elsewhere.isPresent()) {
            return commandMissing
                    ? "there is no command for " + first + ". Begin with one of "
                            + String.join(", ", CommandDescription.names())
                    : "there is no option " + first + " of " + command + ", but of "
                            + String.join(" and ", new TreeSet<>(elsewhere.get().commands()));
        }
        String message = first.startsWith("-")
                ? "there is no option " + first.replaceFirst("=.*", "")
                : commandMissing ? "there is no command " + first : "the argument " + first + " is one too many";
        List<String> similar = e.getSuggestions();
        return similar.isEmpty() ? message : message + ". Did you mean " + String.join(" or ", similar) + "?";
    }

    /** Returns what to tell about a wrong command line. */
    public static CommandLineException wrong(String message, String command) {
        return new CommandLineException(message, "dewy " + command);
    }
}
