package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.CommandLines.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands of the scope {@code dewy}, run by name. Safe for use by several threads. */
public final class Commands {
    private static final int NO_AGENT = 2;
    private static final String HELP = "help";
    private static final String COMPLETE = "complete";

    private final Host host;
    private final List<Command> all;

    public Commands(Host host) {
        this.host = host;
        List<Command> commands = new ArrayList<>(List.of(
                new AppsCommand(),
                new StatusCommand(host.clock()),
                new TopCommand(host),
                new LogCommand(host.events())));
        commands.addAll(ActionCommand.ALL);
        commands.addAll(List.of(
                new ReleasesCommand(),
                new HistoryCommand(),
                new PauseCommand(),
                new ResumeCommand(),
                new ExplainCommand(),
                new PluginsCommand(),
                new NotifyTestCommand()));
        this.all = List.copyOf(commands);
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
        return HELP.equals(name) || COMPLETE.equals(name) || find(name).isPresent();
    }

    /**
     * Runs a command, also one that goes on until its viewer leaves; returns the exit code.
     *
     * @throws IOException if the viewer left before everything was shown
     */
    public int run(String name, List<String> arguments, Viewer viewer, Screen screen) throws IOException {
        Optional<Live> live = live(name, arguments, viewer);
        if (live.isPresent()) {
            screen.live();
            return live.get().show(screen);
        }
        Answer answer = run(name, arguments, viewer);
        screen.write(answer.text());
        return answer.exitCode();
    }

    /** Runs a command once. */
    public Answer run(String name, List<String> arguments, Viewer viewer) {
        if (HELP.equals(name)) {
            return help(arguments);
        }
        if (COMPLETE.equals(name)) {
            return completions(arguments);
        }
        Optional<Command> command = find(name);
        if (command.isEmpty()) {
            return unknown(name);
        }
        try {
            Arguments parsed = Arguments.parse(command.get(), arguments);
            if (parsed.help()) {
                return new Answer(help(command.get()), 0);
            }
            return answer(reply(command.get(), parsed, viewer), parsed.json());
        } catch (UsageException e) {
            return answer(Reply.failure(String.valueOf(e.getMessage()), 1), arguments.contains("--json"));
        }
    }

    /** Returns what the last of these words could become; the first one is the name of a command. */
    public List<Candidate> complete(List<String> words) {
        return new Completions(all, host.agent()).of(words);
    }

    private Optional<Live> live(String name, List<String> arguments, Viewer viewer) {
        Optional<Command> command = find(name);
        Optional<Agent> agent = host.agent().get();
        if (command.isEmpty() || agent.isEmpty()) {
            return Optional.empty();
        }
        try {
            Arguments parsed = Arguments.parse(command.get(), arguments);
            return parsed.help() ? Optional.empty() : command.get().live(agent.get(), parsed, viewer);
        } catch (UsageException | DewyException e) {
            return Optional.empty(); // Running it once fails for the same reason, and says so.
        }
    }

    private static Answer answer(Reply reply, boolean json) {
        return new Answer(json ? reply.script() : reply.text(), reply.exitCode());
    }

    private Reply reply(Command command, Arguments arguments, Viewer viewer) throws UsageException {
        Optional<Agent> found = host.agent().get();
        if (found.isEmpty()) {
            return Reply.failure("the agent is starting or stopping; try again", NO_AGENT);
        }
        try {
            return command.run(found.get(), arguments, viewer);
        } catch (DewyException e) {
            return Reply.failure(e.problem().sentence(), e.kind().exitCode());
        }
    }

    private Answer completions(List<String> words) {
        Table table = new Table();
        complete(words).forEach(candidate -> table.row(candidate.text(), candidate.summary()));
        return new Answer(Reply.of(table.toString(), List.of()).text(), 0);
    }

    private Answer help(List<String> arguments) {
        if (arguments.isEmpty() || List.of("--help", "-h").contains(arguments.get(0))) {
            Table table = new Table("COMMAND", "WHAT IT DOES");
            all.forEach(command -> table.row((command.name() + " " + command.takes()).strip(), command.summary()));
            table.row("complete [word…]", "List what the last of these words could become, for prompts");
            table.row("help [command]", "Show help");
            return new Answer(table + "\nEach takes --json, for scripts, and --help.\n", 0);
        }
        String name = arguments.get(0).replaceFirst("^dewy:", "");
        return find(name).map(command -> new Answer(help(command), 0)).orElseGet(() -> unknown(name));
    }

    private Answer unknown(String name) {
        List<String> names = all.stream().map(Command::name).toList();
        return new Answer("there is no command \"" + name + "\"" + Nearest.hint(name, names) + "\n", 1);
    }

    private static String help(Command command) {
        String options = command.options().isEmpty() ? "" : " [OPTIONS]";
        String usage = (command.name() + " " + command.takes()).strip() + options + " [--json]";
        Table table = new Table();
        command.options().forEach(option -> table.row("  " + option.usage(), option.summary()));
        return usage + "\n" + command.summary() + ".\n" + command.details() + table;
    }

    private Optional<Command> find(String name) {
        return all.stream().filter(command -> command.name().equals(name)).findFirst();
    }
}
