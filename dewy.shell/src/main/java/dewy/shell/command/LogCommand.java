package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.event.EventLog;
import dewy.view.Json;
import dewy.view.OutputFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

final class LogCommand implements Command {
    private static final Option LINES = new Option("--lines", "-n", "N", "so many records of each kind (default: 20)");
    private static final Option FOLLOW = Option.flag("--follow", "-f", "go on with new records until q or Ctrl-C");
    private static final Option EVENTS = Option.flag("--events", "", "only what the agent did");
    private static final Option OUTPUT = Option.flag("--output", "", "only what the app wrote");
    private static final Option DEBUG = Option.flag("--debug", "", "also what the agent did of little importance");
    private static final int FEW = 20;
    private static final int MOST = 10_000;

    private final String name;
    private final String summary;
    private final Supplier<Optional<EventLog>> events;

    private LogCommand(String name, String summary, Supplier<Optional<EventLog>> events) {
        this.name = name;
        this.summary = summary;
        this.events = events;
    }

    /** Returns the command under the names that it has: whoever comes from containers knows it by the second. */
    static List<LogCommand> all(Supplier<Optional<EventLog>> events) {
        return List.of(
                new LogCommand("log", "Show what the agent did with an app, and what the app wrote", events),
                new LogCommand("logs", "The same as log", events));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String details() {
        return """
                The agent's last events come first, then the last lines of the app's output file, each behind a bar.
                The agent keeps the newest 1,000 events of all apps, since it was started.
                """;
    }

    @Override
    public List<Option> options() {
        return List.of(LINES, FOLLOW, EVENTS, OUTPUT, DEBUG);
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        AppLog log = open(app, arguments);
        try {
            List<LogRecord> records = new ArrayList<>(log.last(count(arguments)));
            records.addAll(log.unfinished());
            StringBuilder text = new StringBuilder();
            records.forEach(record -> text.append(record.text(viewer)).append('\n'));
            List<?> views = records.stream().map(LogRecord::view).toList();
            return new Reply(text.toString(), views, true, 0);
        } catch (IOException e) {
            Problem problem = Problem.of("read the output of", app.name(), String.valueOf(e), "Check the file's mode");
            throw new StorageException(problem, e);
        }
    }

    @Override
    public Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        if (!arguments.has(FOLLOW)) {
            return Optional.empty();
        }
        AppLog log = open(ChosenApp.of(name(), agent, arguments.name()), arguments);
        return Optional.of(new Following(log, count(arguments), viewer, arguments.json()));
    }

    private AppLog open(AppStatus app, Arguments arguments) {
        boolean everything = arguments.has(EVENTS) == arguments.has(OUTPUT);
        AppLog.Choice choice = new AppLog.Choice(
                everything || arguments.has(EVENTS), arguments.has(DEBUG), everything || arguments.has(OUTPUT));
        return new AppLog(app.name(), choice, events.get(), OutputFile.of(app));
    }

    private int count(Arguments arguments) throws UsageException {
        String given = arguments.value(LINES).orElse(Integer.toString(FEW));
        if (!given.matches("\\d{1,5}") || Integer.parseInt(given) > MOST) {
            throw new UsageException(name(), "\"" + given + "\" is no number of records from 0 to " + MOST);
        }
        return Integer.parseInt(given);
    }

    /**
     * Shows records as they come, one piece after the other: whoever reads slowly gets them later, and costs no memory.
     *
     * @param log where they come from
     * @param count how many of the last ones come first
     * @param viewer who looks
     * @param json whether each is written for scripts
     */
    private record Following(AppLog log, int count, Viewer viewer, boolean json) implements Live {
        private static final Duration TICK = Duration.ofMillis(250);

        @Override
        public Reply show(Screen screen) throws IOException {
            write(screen, log.last(count));
            while (screen.pause(TICK)) {
                for (List<LogRecord> more = log.more(); !more.isEmpty(); more = log.more()) {
                    write(screen, more);
                }
            }
            return Reply.NOTHING;
        }

        private void write(Screen screen, List<LogRecord> records) throws IOException {
            StringBuilder text = new StringBuilder();
            for (LogRecord record : records) {
                text.append(json ? Json.line(record.view()) : Reply.tame(record.text(viewer) + "\n"));
            }
            if (!text.isEmpty()) {
                screen.write(text.toString());
            }
        }
    }
}
