package dewy.core.plugin;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The place in an app where an instance of one plugin is plugged in. Before each use it moves to the best provider there
 * is, handing over what the instance holds; when the provider leaves, the instance is closed in bounded time and the slot
 * stays empty until another one comes.
 *
 * <p>Used by one thread at a time, while providers come and go on others.
 *
 * @param <T> what is plugged in
 */
public final class PluginSlot<T extends AutoCloseable> implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** Something done with the instance. */
    @FunctionalInterface
    public interface Use<T, R> {
        R with(T instance) throws DewyException;
    }

    private record Held<T extends AutoCloseable>(Offer<T> offer, T instance) {}

    private final PluginKind<T> kind;
    private final PluginUrl url;
    private final AppContext app;
    private final PluginDirectory directory;
    private final EventScope events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private @Nullable Held<T> held;
    private @Nullable Offer<T> refused;
    private @Nullable CancellableCall using;
    private Optional<HandoverState> parked = Optional.empty();
    private boolean closed;

    public PluginSlot(PluginKind<T> kind, PluginUrl url, AppContext app, PluginDirectory directory, EventScope events) {
        this.kind = kind;
        this.url = url;
        this.app = app;
        this.directory = directory;
        this.events = events;
    }

    /** Returns {@code kind:scheme}. */
    public String name() {
        return kind.name() + ":" + url.scheme();
    }

    /** Returns whether an instance is plugged in. */
    public boolean isFilled() {
        return current().isPresent();
    }

    /** Returns the instance that is plugged in now, to look at. */
    public Optional<T> current() {
        lock.lock();
        try {
            return held == null ? Optional.empty() : Optional.of(held.instance());
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the instance comes from that offer. */
    public boolean isFrom(Offer<?> offer) {
        lock.lock();
        try {
            return held != null && held.offer() == offer;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Plugs an instance in, so that a wrong URL is known at once.
     *
     * @throws InvalidException if nobody answers to the scheme, or the URL is wrong
     */
    public void fill() throws InvalidException {
        fill(Optional.empty());
    }

    /**
     * Plugs an instance in, as {@link #fill()} does. It goes on with what another slot has handed over; when
     * this throws, that is still the caller's.
     *
     * @throws InvalidException if nobody answers to the scheme, or the URL is wrong
     */
    public void fill(Optional<HandoverState> inherited) throws InvalidException {
        lock.lock();
        try (CancellableCall call = CancellableCall.of("fill", CLOSE_LIMIT)) {
            if (directory.best(kind, url.scheme()).isEmpty()) {
                throw new InvalidException(missing());
            }
            parked = inherited;
            moveToBest(call);
        } catch (InvalidException | RuntimeException e) {
            parked = Optional.empty();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Takes out what the instance holds, for another slot to go on with; this one is empty then. */
    public Optional<HandoverState> handOver() {
        lock.lock();
        try {
            Optional<HandoverState> state = parked;
            parked = Optional.empty();
            if (held != null) {
                T instance = held.instance();
                held = null;
                state = instance instanceof Handover handover ? park(handover) : Optional.empty();
                BoundedClose.close(instance, CLOSE_LIMIT);
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** Moves to the best provider now, so that what the instance holds is never without somebody to look after it. */
    public void refresh() {
        lock.lock();
        try (CancellableCall call = CancellableCall.of("refresh", CLOSE_LIMIT)) {
            if (using == null) {
                moveToBest(call);
            }
        } catch (InvalidException e) {
            events.publish(EventKind.PLUGIN_REFUSED, name(), "", e.problem().sentence());
        } finally {
            lock.unlock();
        }
    }

    /** Does something with the instance of the best provider. When that provider leaves meanwhile, the call is cancelled. */
    public <R> R use(CancellableCall call, Use<T, R> use) throws DewyException {
        T instance = begin(call);
        try {
            return use.with(instance);
        } catch (RuntimeException e) {
            throw new UnreachableException(broken(e), e);
        } finally {
            end();
        }
    }

    private T begin(CancellableCall call) throws DewyException {
        lock.lock();
        try {
            moveToBest(call);
            if (held == null) {
                throw new UnreachableException(missing());
            }
            using = call;
            return held.instance();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            using = null;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void moveToBest(CancellableCall call) throws InvalidException {
        Offer<T> best = directory.best(kind, url.scheme()).orElse(null);
        if (closed || best == null || best == refused || (held != null && held.offer() == best)) {
            return;
        }
        if (held == null) {
            held = new Held<>(best, open(best, parked));
            if (best.provider() instanceof AdoptingProvider<T>) {
                parked = Optional.empty();
            }
            endParked();
            return;
        }
        Held<T> old = held;
        try {
            held = new Held<>(best, succeed(call, old.instance(), best));
            events.publish(EventKind.PLUGIN_SWAPPED, name(), old.offer().bundle(), best.bundle());
        } catch (DewyException | RuntimeException e) {
            refused = best;
            events.publish(EventKind.PLUGIN_REFUSED, name(), best.bundle(), String.valueOf(e.getMessage()));
        }
    }

    private T succeed(CancellableCall call, T old, Offer<T> offer) throws DewyException {
        if (!(old instanceof Handover handover) || !(offer.provider() instanceof AdoptingProvider<T>)) {
            T next = open(offer, Optional.empty());
            BoundedClose.close(old, CLOSE_LIMIT);
            return next;
        }
        HandoverState state = handover.prepare(call);
        T next;
        try {
            next = open(offer, Optional.of(state));
        } catch (DewyException | RuntimeException e) {
            handover.abort();
            throw e;
        }
        handover.commit();
        BoundedClose.close(old, CLOSE_LIMIT);
        return next;
    }

    private T open(Offer<T> offer, Optional<HandoverState> state) throws InvalidException {
        try {
            if (state.isPresent() && offer.provider() instanceof AdoptingProvider<T> adopting) {
                return adopting.adopt(url, app, state.get());
            }
            return offer.provider().open(url, app);
        } catch (RuntimeException e) {
            throw new InvalidException(broken(e), e);
        }
    }

    /** The provider of the instance is going: what it holds is kept for the next one, and it is closed. */
    public void vacate(Offer<?> leaving) {
        lock.lock();
        try {
            if (refused == leaving) {
                refused = null;
            }
            if (held == null || held.offer() != leaving) {
                return;
            }
            T instance = held.instance();
            held = null;
            stopUse();
            if (instance instanceof Handover handover) {
                parked = park(handover);
            }
            BoundedClose.close(instance, CLOSE_LIMIT);
            events.publish(EventKind.PLUGIN_LOST, name(), leaving.bundle());
        } finally {
            lock.unlock();
        }
    }

    private void stopUse() {
        if (using == null) {
            return;
        }
        using.cancel("the plugin " + name() + " was stopped");
        long left = CLOSE_LIMIT.toNanos();
        try {
            while (using != null && left > 0) {
                left = idle.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<HandoverState> park(Handover handover) {
        try (CancellableCall call = CancellableCall.of("park", CLOSE_LIMIT)) {
            HandoverState state = handover.prepare(call);
            handover.commit();
            return Optional.of(state);
        } catch (DewyException | RuntimeException e) {
            events.publish(EventKind.PLUGIN_REFUSED, name(), "", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Problem broken(RuntimeException e) {
        return Problem.of("use the " + kind.name(), url, "the plugin failed unforeseen: " + e, "Tell who made it");
    }

    private Problem missing() {
        String known = String.join(", ", directory.schemes(kind));
        return Problem.of(
                "use the " + kind.name(),
                url,
                "no plugin answers to \"" + url.scheme() + "\"",
                known.isEmpty() ? "Install a " + kind.name() + " plugin" : "Known are: " + known);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (held != null) {
                BoundedClose.close(held.instance(), CLOSE_LIMIT);
                held = null;
            }
            endParked();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void endParked() {
        parked.ifPresent(state -> Remains.end(state, CLOSE_LIMIT));
        parked = Optional.empty();
    }
}
