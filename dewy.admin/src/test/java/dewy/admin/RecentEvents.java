package dewy.admin;

import dewy.api.Registration;
import dewy.api.event.Event;
import dewy.api.event.EventLog;
import dewy.api.event.Level;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Events of which only so many are kept. */
final class RecentEvents implements EventLog {
    private final int kept;
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Event> events = new CopyOnWriteArrayList<>();
    private long newest;

    RecentEvents(int kept) {
        this.kept = kept;
    }

    synchronized void add(String app, String text) {
        newest++;
        Event event = new Event(
                "e" + newest,
                newest,
                Instant.EPOCH,
                app,
                "",
                "poll",
                "dewy",
                "cycle.skipped",
                Level.INFO,
                text,
                Map.of());
        events.add(event);
        if (events.size() > kept) {
            events.remove(0);
        }
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public Registration subscribe(long from, Consumer<Event> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public List<Event> since(long from) {
        return events.stream().filter(event -> event.sequence() >= from).toList();
    }

    @Override
    public synchronized long newest() {
        return newest;
    }
}
