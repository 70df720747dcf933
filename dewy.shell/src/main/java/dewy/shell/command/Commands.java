package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The commands of the scope {@code dewy}, run by name. Safe for use by several threads. */
public final class Commands {
    private static final int NO_AGENT = 2;
    private static final List<Command> ALL = List.of(
            new AppsCommand(),
            new StatusCommand(),
            new DeployCommand(),
            new ReleasesCommand(),
            new HistoryCommand(),
            new PauseCommand(),
            new ResumeCommand(),
            new ExplainCommand(),
            new PluginsCommand(),
            new NotifyTestCommand());

    private final Supplier<Optional<Agent>> agent;

    /**
     * Creates the commands.
     *
     * @param agent asked for at each command
     */
    public Commands(Supplier<Optional<Agent>> agent) {
        this.agent = agent;
    }

    /**
     * What a command answered.
     *
     * @param text what is shown
     * @param exitCode 0 when all is well
     */
    public record Answer(String text, int exitCode) {}

    /** Returns whether there is a command of that name. */
    public boolean knows(String name) {
        return "help".equals(name) || find(name).isPresent();
    }

    /** Runs a command. */
    public Answer run(String name, List<String> arguments, Viewer viewer) {
        if ("help".equals(name)) {
            return help(arguments);
        }
        Optional<Command> command = find(name);
        if (command.isEmpty()) {
            return unknown(name);
        }
        try {
            int mostNames = command.get().takes().isEmpty() ? 0 : 1;
            Arguments parsed = Arguments.parse(name, mostNames, arguments);
            if (parsed.help()) {
                return new Answer(help(command.get()), 0);
            }
            return answer(reply(command.get(), parsed, viewer), parsed.json());
        } catch (UsageException e) {
            return answer(Reply.failure(String.valueOf(e.getMessage()), 1), arguments.contains("--json"));
        }
    }

    private static Answer answer(Reply reply, boolean json) {
        return new Answer(json ? Json.write(reply.json()) : reply.text(), reply.exitCode());
    }

    private Reply reply(Command command, Arguments arguments, Viewer viewer) throws UsageException {
        Optional<Agent> found = agent.get();
        if (found.isEmpty()) {
            return Reply.failure("the agent is starting or stopping; try again", NO_AGENT);
        }
        try {
            return command.run(found.get(), arguments, viewer);
        } catch (DewyException e) {
            return Reply.failure(e.problem().sentence(), e.kind().exitCode());
        }
    }

    private static Answer help(List<String> arguments) {
        if (arguments.isEmpty() || List.of("--help", "-h").contains(arguments.get(0))) {
            Table table = new Table("COMMAND", "WHAT IT DOES");
            ALL.forEach(command -> table.row((command.name() + " " + command.takes()).strip(), command.summary()));
            table.row("help [command]", "Show help");
            return new Answer(table + "\nEach takes --json, for scripts, and --help.\n", 0);
        }
        String name = arguments.get(0).replaceFirst("^dewy:", "");
        return find(name).map(command -> new Answer(help(command), 0)).orElseGet(() -> unknown(name));
    }

    private static Answer unknown(String name) {
        List<String> names = ALL.stream().map(Command::name).toList();
        return new Answer("there is no command \"" + name + "\"" + Nearest.hint(name, names) + "\n", 1);
    }

    private static String help(Command command) {
        String usage = (command.name() + " " + command.takes()).strip() + " [--json]";
        return usage + "\n" + command.summary() + ".\n" + command.details();
    }

    private static Optional<Command> find(String name) {
        return ALL.stream().filter(command -> command.name().equals(name)).findFirst();
    }
}
