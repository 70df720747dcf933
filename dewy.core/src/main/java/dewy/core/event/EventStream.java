package dewy.core.event;

import dewy.api.Registration;
import dewy.api.event.Event;
import dewy.api.event.EventLog;
import dewy.api.event.Level;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The agent's events, in one order. The newest are kept, so that a listener can begin with what has just happened; each
 * listener is told on a thread of its own.
 */
public final class EventStream implements EventLog {
    private static final int KEPT = 1_000;

    private final InstantSource clock;
    private final Consumer<Event> log;
    private final String origin = UUID.randomUUID().toString();
    private final Deque<Event> kept = new ArrayDeque<>();
    private long newest;

    /**
     * Creates a stream.
     *
     * @param log is told each event before anybody else, on the thread it happens on
     */
    public EventStream(InstantSource clock, Consumer<Event> log) {
        this.clock = clock;
        this.log = log;
    }

    /** Returns the scope of an app outside of deployments. */
    public EventScope scope(String app) {
        return new EventScope(this, app, "", "", "dewy");
    }

    synchronized void publish(EventScope scope, Level level, String type, String text, Map<String, String> data) {
        newest++;
        Event event = new Event(
                origin + "-" + newest,
                newest,
                clock.instant(),
                scope.app(),
                scope.deployId(),
                scope.cause(),
                scope.actor(),
                type,
                level,
                text,
                Collections.unmodifiableMap(new LinkedHashMap<>(data)));
        kept.addLast(event);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
        log.accept(event);
        notifyAll();
    }

    @Override
    public Registration subscribe(long from, Consumer<Event> listener) {
        Thread thread = new Thread(null, () -> tell(from, listener), "dewy-events", 256 << 10);
        thread.setDaemon(true);
        thread.start();
        return thread::interrupt;
    }

    @Override
    public synchronized List<Event> since(long from) {
        if (newest < from) {
            return List.of();
        }
        return kept.stream().filter(event -> event.sequence() >= from).toList();
    }

    @Override
    public synchronized long newest() {
        return newest;
    }

    private void tell(long from, Consumer<Event> listener) {
        long next = from;
        try {
            while (true) {
                for (Event event : awaitFrom(next)) {
                    accept(listener, event);
                    next = event.sequence() + 1;
                }
            }
        } catch (InterruptedException e) {
            // The subscription was taken back.
        }
    }

    private synchronized List<Event> awaitFrom(long from) throws InterruptedException {
        while (newest < from) {
            wait();
        }
        return since(from);
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private void accept(Consumer<Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            EventLogger.listenerFailed(event, e);
        }
    }
}
