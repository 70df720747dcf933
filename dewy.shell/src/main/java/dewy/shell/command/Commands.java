package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.CommandLines.Candidate;
import dewy.shell.command.CommandList.Called;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The commands of the scope {@code dewy}, run by name. Safe for use by several threads. */
public final class Commands {
    private static final int NO_AGENT = 2;
    private static final String HELP = "help";
    private static final String COMPLETE = "complete";

    private final Host host;
    private final CommandList list;
    private final Help help;

    public Commands(Host host) {
        this.host = host;
        List<Command> commands =
                new ArrayList<>(List.of(new AppsCommand(), new StatusCommand(host.clock()), new TopCommand(host)));
        commands.addAll(LogCommand.all(host.events()));
        commands.addAll(ActionCommand.ALL);
        commands.addAll(List.of(
                new CheckCommand(),
                new OperationsCommand(),
                new CancelCommand(),
                new ReleasesCommand(),
                new HistoryCommand(),
                new CapsuleCommand(),
                new AuditCommand()));
        commands.addAll(PauseCommand.ALL);
        commands.add(new ContainersCommand());
        commands.add(new ScaleCommand());
        commands.addAll(AdmitCommand.ALL); // Whose names begin with that of the next one.
        commands.add(new ProxyCommand());
        commands.addAll(List.of(
                new ExplainCommand(),
                new NotifyTestCommand(),
                new PluginsCommand(),
                new PluginInfoCommand(),
                new PluginWhyCommand()));
        commands.addAll(PluginInstallCommand.ALL);
        commands.add(new PluginRollbackCommand());
        commands.addAll(PluginChangeCommand.ALL);
        this.list = new CommandList(commands);
        this.help = new Help(list);
    }

    /**
     * What a command answered.
     *
     * @param text what is shown
     * @param exitCode 0 when all is well
     */
    public record Answer(String text, int exitCode) {}

    /** Returns whether there is a command, or a group of commands, of that name. */
    public boolean knows(String name) {
        return HELP.equals(name) || COMPLETE.equals(name) || list.names().contains(name);
    }

    /**
     * Runs a command, also one that shows things meanwhile; returns the exit code.
     *
     * @param name its name, or that of its group
     * @throws IOException if the viewer left before everything was shown
     */
    public int run(String name, List<String> arguments, Viewer viewer, Screen screen) throws IOException {
        Optional<Shown> shown = live(name, arguments, viewer);
        if (shown.isEmpty()) {
            Answer answer = run(name, arguments, viewer);
            screen.write(answer.text());
            return answer.exitCode();
        }
        if (shown.get().live().goesOn()) {
            screen.live();
        }
        Reply end = show(shown.get(), screen);
        if (!end.text().isEmpty()) { // Who has left needs no more.
            screen.write(end.text());
        }
        return end.exitCode();
    }

    private static Reply show(Shown shown, Screen screen) throws IOException {
        try {
            Reply end = shown.live().show(screen);
            shown.note().ifPresent(note -> note.ended(end));
            return end;
        } catch (DewyException e) {
            shown.note().ifPresent(note -> note.failed(e));
            return Reply.failure(e.problem().sentence(), e.kind().exitCode());
        } catch (IOException | RuntimeException e) {
            shown.note().ifPresent(ChangeNote::left);
            throw e;
        }
    }

    /** Notes in the audit log that a command was run which is none of these, and may change anything. */
    public void noteForeign(List<String> words, Caller caller, int exitCode) {
        host.agent().get().ifPresent(agent -> ChangeNote.of(agent, words, caller, host.clock())
                .ended(new Reply("", List.of(), exitCode)));
    }

    /** Runs a command once. */
    public Answer run(String name, List<String> arguments, Viewer viewer) {
        if (HELP.equals(name)) {
            return help(arguments);
        }
        if (COMPLETE.equals(name)) {
            return completions(arguments);
        }
        List<String> words = words(name, arguments);
        Optional<Called> called = list.find(words);
        if (called.isEmpty()) {
            return isQuestion(arguments) ? help(List.of(name)) : unknown(words);
        }
        try {
            Arguments parsed =
                    Arguments.parse(called.get().command(), called.get().arguments());
            if (parsed.help()) {
                return new Answer(help.of(called.get().command()), 0);
            }
            return answer(reply(called.get().command(), parsed, viewer), parsed.json());
        } catch (UsageException e) {
            return answer(Reply.failure(String.valueOf(e.getMessage()), 1), arguments.contains("--json"));
        }
    }

    /** Returns what the last of these words could become; the first one is the name of a command. */
    public List<Candidate> complete(List<String> words) {
        return new Completions(list, host.agent()).of(words);
    }

    /**
     * What is shown while it comes about.
     *
     * @param note what the audit log is told of it
     */
    private record Shown(Command.Live live, Optional<ChangeNote> note) {}

    private Optional<Shown> live(String name, List<String> arguments, Viewer viewer) {
        Optional<Called> called = list.find(words(name, arguments));
        Optional<Agent> agent = host.agent().get();
        if (called.isEmpty() || agent.isEmpty()) {
            return Optional.empty();
        }
        try {
            Command command = called.get().command();
            Arguments parsed = Arguments.parse(command, called.get().arguments());
            Optional<ChangeNote> note = note(agent.get(), command, parsed, viewer);
            return parsed.help()
                    ? Optional.empty()
                    : command.live(agent.get(), parsed, viewer).map(live -> new Shown(live, note));
        } catch (UsageException | DewyException e) {
            return Optional.empty(); // Running it once fails for the same reason, and says so.
        }
    }

    private Optional<ChangeNote> note(Agent agent, Command command, Arguments arguments, Viewer viewer) {
        return ChangeNote.of(agent, command, arguments, viewer.caller(), host.clock());
    }

    private static Answer answer(Reply reply, boolean json) {
        return new Answer(json ? reply.script() : reply.text(), reply.exitCode());
    }

    private Reply reply(Command command, Arguments arguments, Viewer viewer) throws UsageException {
        Optional<Agent> found = host.agent().get();
        if (found.isEmpty()) {
            return Reply.failure("the agent is starting or stopping; try again", NO_AGENT);
        }
        Optional<ChangeNote> note = note(found.get(), command, arguments, viewer);
        try {
            Reply reply = command.run(found.get(), arguments, viewer);
            note.ifPresent(each -> each.ended(reply));
            return reply;
        } catch (DewyException e) {
            note.ifPresent(each -> each.failed(e));
            return Reply.failure(e.problem().sentence(), e.kind().exitCode());
        } catch (UsageException e) {
            note.ifPresent(each -> each.refused(e));
            throw e;
        }
    }

    private Answer completions(List<String> words) {
        Table table = new Table();
        complete(words).forEach(candidate -> table.row(candidate.text(), candidate.summary()));
        return new Answer(Reply.of(table.toString(), List.of()).text(), 0);
    }

    private Answer help(List<String> arguments) {
        if (arguments.isEmpty() || isQuestion(arguments)) {
            return new Answer(help.all(), 0);
        }
        List<String> words = words(arguments.get(0).replaceFirst("^dewy:", ""), arguments.subList(1, arguments.size()));
        return help.of(words).map(text -> new Answer(text, 0)).orElseGet(() -> unknown(words));
    }

    private static boolean isQuestion(List<String> arguments) {
        return !arguments.isEmpty() && List.of("--help", "-h").contains(arguments.get(0));
    }

    private Answer unknown(List<String> words) {
        return answer(Reply.failure(list.unknown(words), 1), words.contains("--json"));
    }

    private static List<String> words(String name, List<String> arguments) {
        return Stream.concat(Stream.of(name), arguments.stream()).toList();
    }
}
