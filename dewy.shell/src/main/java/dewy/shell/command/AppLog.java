package dewy.shell.command;

import dewy.api.event.Event;
import dewy.api.event.EventLog;
import dewy.api.event.Level;
import dewy.view.OutputFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is told about an app, read at the reader's own pace: the agent's events, and the app's output. */
final class AppLog {
    /**
     * Which records are wanted.
     *
     * @param events whether those of the agent are
     * @param debug whether its least important ones are, too
     * @param output whether what the app writes is
     */
    record Choice(boolean events, boolean debug, boolean output) {}

    private final String app;
    private final Choice choice;
    private final Optional<EventLog> events;
    private final OutputFile output;
    private long next = 1;
    private long missed;

    AppLog(String app, Choice choice, Optional<EventLog> events, OutputFile output) {
        this.app = app;
        this.choice = choice;
        this.events = events;
        this.output = output;
    }

    /** Returns the last records: first the agent's, then what the app wrote, so many of each. */
    List<LogRecord> last(int count) throws IOException {
        List<LogRecord> told = news();
        List<LogRecord> records = new ArrayList<>(told.subList(Math.max(0, told.size() - count), told.size()));
        List<String> lines = output.last(count);
        if (choice.output()) {
            lines.forEach(line -> records.add(new LogRecord.Line(app, line)));
        }
        return records;
    }

    /** Returns what of the output is there, but without an end yet. */
    List<LogRecord> unfinished() {
        return choice.output() ? lines(output.unfinished()) : List.of();
    }

    /** Returns records that came since, a bounded number; none when there are no more for now. */
    List<LogRecord> more() throws IOException {
        List<LogRecord> told = news();
        List<LogRecord> records = new ArrayList<>();
        if (missed > 0) {
            records.add(new LogRecord.Gap(missed));
        }
        records.addAll(told);
        if (choice.output()) {
            records.addAll(lines(output.more()));
        }
        return records;
    }

    private List<LogRecord> news() {
        if (events.isEmpty() || !choice.events()) {
            return List.of();
        }
        List<Event> all = events.get().since(next);
        missed = 0;
        if (!all.isEmpty()) {
            missed = all.get(0).sequence() - next;
            next = all.get(all.size() - 1).sequence() + 1;
        }
        return all.stream()
                .filter(event -> event.app().equals(app) && (choice.debug() || event.level() != Level.DEBUG))
                .<LogRecord>map(LogRecord.Told::new)
                .toList();
    }

    private List<LogRecord> lines(List<String> lines) {
        return lines.stream()
                .<LogRecord>map(line -> new LogRecord.Line(app, line))
                .toList();
    }
}
