package dewy.proxy.traffic;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one listener on one event loop. Used by that loop alone.
 *
 * <p>Their times are looked at together, ten times a second as long as there is a connection: to set one costs the write of a
 * field, where a timer of its own for each request would cost more than all else that is done for it here.
 */
public final class LoopConnections {
    private static final long INTERVAL_MILLIS = 100;

    private final EventLoop loop;

    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private @Nullable Connection first;
    private boolean ending;
    private boolean sweeping;

    LoopConnections(EventLoop loop) {
        this.loop = loop;
    }

    /** Returns the loop that all of them belong to. */
    public EventLoop loop() {
        return loop;
    }

    public void add(Connection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        }
        first = connection;
        if (!sweeping) {
            sweeping = true;
            sweepLater();
        }
    }

    /** Forgets it; nothing happens if it was forgotten. */
    public void remove(Connection connection) {
        Connection previous = connection.previous;
        Connection next = connection.next;
        if (previous != null) {
            previous.next = next;
        } else if (first == connection) {
            first = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        connection.previous = null;
        connection.next = null;
        connection.timed = false;
        endIfEmpty();
    }

    /** Has all of them close when nothing is in flight on them; completes when all have. To be called in any thread. */
    CompletableFuture<Void> endAll() {
        loop.execute(() -> {
            ending = true;
            select(c -> true).forEach(Connection::endSoon);
            endIfEmpty();
        });
        return end;
    }

    private void endIfEmpty() {
        if (ending && first == null) {
            end.complete(null);
        }
    }

    /** Returns those that fulfil a condition, in a list of their own: they may be removed meanwhile. */
    List<Connection> select(Predicate<Connection> condition) {
        List<Connection> selected = new ArrayList<>();
        for (Connection c = first; c != null; c = c.next) {
            if (condition.test(c)) {
                selected.add(c);
            }
        }
        return selected;
    }

    private void sweepLater() {
        ScheduledFuture<?> unused = loop.schedule(this::sweep, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        long now = System.nanoTime();
        for (Connection connection : select(c -> c.timed && c.deadline - now <= 0)) {
            if (connection.timed && connection.deadline - now <= 0) { // Unless the one before has ended it.
                connection.timed = false;
                connection.expired();
            }
        }
        sweeping = first != null;
        if (sweeping) {
            sweepLater();
        }
    }
}
