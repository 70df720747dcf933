package dewy.proxy.traffic;

import dewy.api.proxy.Admission;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a client, and how something of it gets to a backend: to the one whose turn it is, to the next where that one
 * cannot be reached, and after a while where there is none. Used by its event loop alone.
 */
public abstract class Dispatch extends Connection {
    private static final long RETRY_MILLIS = 100;

    private final Traffic traffic;
    private final LoopConnections connections;
    private final Runnable retry = this::retry;
    private Set<Target> tried = Set.of();
    private @Nullable Target target;
    private boolean held;
    private long heldUntil;

    protected Dispatch(Traffic traffic, LoopConnections connections) {
        this.traffic = traffic;
        this.connections = connections;
    }

    /** Has something sent to a backend: {@link #reach} is called, or {@link #refused}, now or later. */
    protected final void dispatch() {
        tried = Set.of();
        heldUntil = System.nanoTime() + traffic.settings().hold().time().toNanos();
        retry();
    }

    private void retry() {
        held = false;
        Optional<Admission> maintenance = traffic.maintenance();
        if (maintenance.isPresent()) {
            shut(maintenance.get());
        } else {
            choose();
        }
    }

    /** Nothing is to be sent to a backend for now. */
    protected abstract void shut(Admission maintenance);

    private void choose() {
        Target chosen = traffic.backends().enter(tried);
        if (chosen == null) {
            hold();
        } else {
            goTo(chosen);
        }
    }

    private void goTo(Target chosen) {
        target = chosen;
        reach(chosen);
    }

    /** Sends it to a backend, and calls {@link #unreachable} or {@link #leave}, now or later. */
    protected abstract void reach(Target backend);

    /** The backend did not get anything of it: another one will do. */
    protected final void unreachable() {
        Target failed = target;
        if (failed == null) {
            return;
        }
        failed.failed();
        leave();
        if (tried.isEmpty()) {
            tried = new HashSet<>();
        }
        tried.add(failed);
        choose();
    }

    /** What was sent got lost, by nobody's fault: it is sent again, to whichever backend. */
    protected final void again() {
        leave();
        choose();
    }

    /** It is over, at that backend. Does nothing where it is at none. */
    protected final void leave() {
        Target left = target;
        if (left != null) {
            target = null;
            left.leave();
        }
    }

    private void hold() {
        held = traffic.backends().hold(retry, connections.loop());
        Target late = held ? traffic.backends().enter(tried) : null;
        if (late != null) { // It came before anybody could know of this one.
            unhold();
            goTo(late);
            return;
        }
        long left = heldUntil - System.nanoTime();
        if (!held || left <= 0) {
            unhold();
            refused();
            return;
        }
        expireIn(left);
        if (!tried.isEmpty()) { // There are backends, and one may accept connections soon.
            tried = Set.of();
            ScheduledFuture<?> unused =
                    connections.loop().schedule(this::retryIfHeld, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void retryIfHeld() {
        if (unhold()) {
            retry();
        }
    }

    private boolean unhold() {
        held = false;
        return traffic.backends().unhold(retry);
    }

    /** There was no backend all the time, or too much waits for one. */
    protected abstract void refused();

    /** The connection is over. */
    protected final void end() {
        if (held) {
            unhold();
        }
        leave();
        connections.remove(this);
    }

    @Override
    protected final void expired() {
        if (held) {
            unhold();
            refused();
        } else {
            timeIsUp();
        }
    }

    /** As {@link #expired}. */
    protected abstract void timeIsUp();

    @Override
    protected final @Nullable Target target() {
        return target;
    }

    protected final Traffic traffic() {
        return traffic;
    }

    protected final LoopConnections connections() {
        return connections;
    }

    protected final EventLoop loop() {
        return connections.loop();
    }
}
