package dewy.core.event;

import dewy.api.Registration;
import dewy.api.event.Event;
import dewy.core.turn.Turns;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A listener that is told of events one at a time and in order, on threads of a pool. A slow one delays nobody; it misses
 * the oldest when more wait for it than the stream itself keeps. Safe for use by several threads.
 */
public final class Subscription implements Registration {
    private final Predicate<Event> wanted;
    private final Consumer<Event> listener;
    private final Consumer<Subscription> leave;
    private final Turns turns;
    private final Deque<Event> waiting = new ArrayDeque<>();

    Subscription(Predicate<Event> wanted, Consumer<Event> listener, Executor pool, Consumer<Subscription> leave) {
        this.wanted = wanted;
        this.listener = listener;
        this.leave = leave;
        this.turns = new Turns("dewy-events", pool);
    }

    /** Has the event told, if it is wanted; returns at once. */
    void offer(Event event) {
        if (!wanted.test(event)) {
            return;
        }
        synchronized (waiting) {
            waiting.add(event);
            if (waiting.size() > EventStream.KEPT) {
                waiting.remove();
                return;
            }
        }
        turns.add(new FutureTask<>(this::tell, true));
    }

    /** Wants no more events, and returns when those until now were told, or the limit is over. */
    public void finish(Duration limit) {
        leave.accept(this);
        turns.finish(limit);
    }

    /** Ends it: what is being told is interrupted. */
    @Override
    public void close() {
        leave.accept(this);
        turns.end();
    }

    private void tell() {
        Event event;
        synchronized (waiting) {
            event = waiting.remove();
        }
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            EventLogger.listenerFailed(event, e);
        }
    }
}
