package dewy.shell.command;

import dewy.api.Registration;
import dewy.api.event.Event;
import dewy.api.event.EventLog;
import dewy.api.event.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Events of which as many are kept as a test says. */
final class FixedEvents implements EventLog {
    private final List<Event> kept = new ArrayList<>();
    private long newest;

    void add(String app, Level level, String text) {
        newest++;
        Map<String, String> data = Map.of("version", "v" + newest);
        kept.add(new Event("id", newest, Samples.NOW, app, "", "poll", "dewy", "some.type", level, text, data));
    }

    void forget() {
        kept.clear();
    }

    @Override
    public List<Event> since(long from) {
        return kept.stream().filter(event -> event.sequence() >= from).toList();
    }

    @Override
    public Registration subscribe(long from, Consumer<Event> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long newest() {
        return newest;
    }
}
