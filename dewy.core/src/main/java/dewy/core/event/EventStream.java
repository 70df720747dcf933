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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The agent's events, in one order. The newest are kept, so that a listener can begin with what has just happened; no
 * listener waits for another.
 */
public final class EventStream implements EventLog {
    static final int KEPT = 1_000;

    private final InstantSource clock;
    private final Consumer<Event> log;
    private final String origin = UUID.randomUUID().toString();
    private final Executor pool;
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Deque<Event> kept = new ArrayDeque<>();
    private long newest;

    /**
     * Creates a stream.
     *
     * @param log is told each event before anybody else, on the thread it happens on
     * @param pool tells everybody else; none of its tasks waits for another
     */
    public EventStream(InstantSource clock, Consumer<Event> log, Executor pool) {
        this.clock = clock;
        this.log = log;
        this.pool = pool;
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
        subscriptions.forEach(subscription -> subscription.offer(event));
    }

    @Override
    public Registration subscribe(long from, Consumer<Event> listener) {
        return subscribe(from, event -> true, listener);
    }

    /**
     * Has the wanted events told, as {@link EventLog#subscribe} does.
     *
     * @param wanted is asked while the event is published, and so returns at once
     */
    public synchronized Subscription subscribe(long from, Predicate<Event> wanted, Consumer<Event> listener) {
        Subscription subscription =
                new Subscription(event -> event.sequence() >= from && wanted.test(event), listener, pool, this::remove);
        kept.forEach(subscription::offer);
        subscriptions.add(subscription);
        return subscription;
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

    private synchronized void remove(Subscription subscription) {
        subscriptions.remove(subscription);
    }
}
