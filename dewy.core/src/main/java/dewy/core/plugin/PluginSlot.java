package dewy.core.plugin;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The place in an app where an instance of one plugin is plugged in. The instance changes only when the slot is told to
 * {@linkplain #settle settle} on the best provider, or to {@linkplain #moveTo move}, so that what is done between is done on
 * one instance; or its provider leaves, then it is closed in bounded time and the slot stays empty until it settles anew.
 *
 * <p>Safe for use by several threads: an instance is used by several at a time, and changed while nobody uses it. No lock is
 * held while code of a plugin runs.
 *
 * @param <T> what is plugged in
 */
public final class PluginSlot<T extends AutoCloseable> implements AutoCloseable {
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);
    private static final Duration MOVE_LIMIT = Duration.ofSeconds(45);
    private static final int MOST_STUCK = 3;

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
    private final Guard guard;
    private final PluginInstances<T> instances;
    private final Occupancy occupancy = new Occupancy();
    private final List<StuckException> stuck = new CopyOnWriteArrayList<>();
    // Changed by whoever has begun to, looked at by anybody.
    private volatile @Nullable Held<T> held;
    private volatile @Nullable Offer<T> pinned;
    private volatile @Nullable Offer<T> refused;
    private volatile Optional<Problem> lack = Optional.empty();
    private volatile Optional<HandoverState> parked = Optional.empty();
    private volatile boolean closed;

    public PluginSlot(
            PluginKind<T> kind,
            PluginUrl url,
            AppContext app,
            PluginDirectory directory,
            EventScope events,
            Guard guard) {
        this.kind = kind;
        this.url = url;
        this.app = app;
        this.directory = directory;
        this.events = events;
        this.guard = guard;
        this.instances = new PluginInstances<>(kind, url, app, guard);
    }

    /** Returns {@code kind:scheme}. */
    public String name() {
        return kind.name() + ":" + url.scheme();
    }

    public PluginUrl url() {
        return url;
    }

    /** Returns whether anybody answers to the scheme. */
    public boolean isAnswered() {
        return wanted().isPresent();
    }

    /** Returns whether an instance is plugged in. */
    public boolean isFilled() {
        return held != null;
    }

    /** Returns the instance that is plugged in now, to look at. */
    public Optional<T> current() {
        return Optional.ofNullable(held).map(Held::instance);
    }

    /** Returns where the instance comes from. */
    public Optional<Offer<T>> offer() {
        return Optional.ofNullable(held).map(Held::offer);
    }

    /** Returns whether the instance comes from that offer. */
    public boolean isFrom(Offer<?> offer) {
        return offer().filter(now -> now == offer).isPresent();
    }

    /** Returns an offer as one for this slot, if it is. */
    @SuppressWarnings("unchecked")
    public Optional<Offer<T>> fitting(Offer<?> offer) {
        boolean fits =
                kind.type().isInstance(offer.provider()) && offer.schemes().contains(url.scheme());
        return fits ? Optional.of((Offer<T>) offer) : Optional.empty();
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
        Offer<T> best = wanted().orElseThrow(() -> new InvalidException(missing()));
        try {
            parked = inherited;
            change(best);
        } catch (InvalidException e) {
            throw e;
        } catch (DewyException e) {
            throw new InvalidException(e.problem(), e);
        } finally {
            parked = Optional.empty();
        }
    }

    /**
     * Asks the plugin what an earlier agent left, before anything is plugged in.
     *
     * @param kept what was written down, and is left
     * @return what to {@linkplain #fill(Optional) fill} the slot with
     */
    public Optional<HandoverState> recover(Optional<HandoverState> kept) throws DewyException {
        Offer<T> best = wanted().orElseThrow(() -> new InvalidException(missing()));
        return instances.recover(best, kept);
    }

    /** Keeps what the instance holds for a later agent; this slot is empty then. */
    public void leave() throws StorageException {
        Optional<HandoverState> left = handOver();
        if (left.isPresent()) {
            app.keep(left.get());
        }
    }

    /** Takes out what the instance holds, for another slot to go on with; this one is empty then. */
    public Optional<HandoverState> handOver() {
        occupancy.begin(LEAVE_LIMIT, "the plugin " + name() + " is handed over");
        try {
            park();
            Optional<HandoverState> state = parked;
            parked = Optional.empty();
            return state;
        } finally {
            occupancy.end();
        }
    }

    /**
     * Moves to the best provider there is, if that is another one, handing over what the instance holds. When that fails it
     * stays as it is, and so it does while the instance is in use.
     */
    public void settle() {
        if (better().isEmpty() || !occupancy.tryBegin()) {
            return;
        }
        Optional<Offer<T>> next = better();
        try {
            if (next.isPresent()) {
                change(next.get());
            }
        } catch (DewyException e) {
            refuse(next.orElseThrow(), e.problem());
        } finally {
            occupancy.end();
        }
    }

    /**
     * Moves to a provider, whether it is the best one or not, and stays there until it is {@linkplain #release released}.
     *
     * @throws DewyException if it cannot; all is as before
     */
    public void moveTo(Offer<T> next) throws DewyException {
        occupancy.begin(MOVE_LIMIT, "the plugin " + name() + " is replaced");
        try {
            if (!isFrom(next)) {
                change(next);
            }
            pinned = next;
        } finally {
            occupancy.end();
        }
    }

    /** Settles on the best provider again, from the next time on. */
    public void release() {
        pinned = null;
    }

    /** Tries whether a provider could be used, without using it. */
    public void prove(Offer<T> offer) throws DewyException {
        instances.prove(offer);
    }

    /**
     * Does something with the instance.
     *
     * @throws UnreachableException if there is none, or it failed in a way that was not foreseen
     */
    public <R> R use(CancellableCall call, Use<T, R> use) throws DewyException {
        occupancy.enter(call);
        try {
            Held<T> now = usable();
            try {
                return guard.run(call, "use the " + kind.name(), url, () -> use.with(now.instance()));
            } catch (StuckException e) {
                giveUp(now, e);
                throw e;
            }
        } finally {
            occupancy.leave(call);
        }
    }

    /** The provider of the instance is going: what it holds is kept for the next one, and it is closed. */
    public void vacate(Offer<?> leaving) {
        refused = refused == leaving ? null : refused;
        pinned = pinned == leaving ? null : pinned;
        if (!isFrom(leaving)) {
            return;
        }
        occupancy.cancel("the plugin " + name() + " was stopped");
        occupancy.begin(LEAVE_LIMIT, "the plugin " + name() + " was stopped");
        try {
            if (isFrom(leaving)) {
                park();
                events.publish(EventKind.PLUGIN_LOST, name(), leaving.bundle());
            }
        } finally {
            occupancy.end();
        }
    }

    @Override
    public void close() {
        occupancy.begin(LEAVE_LIMIT, "the app was stopped");
        try {
            closed = true;
            current().ifPresent(instances::close);
            held = null;
            endParked();
        } finally {
            occupancy.end();
        }
    }

    private Held<T> usable() throws UnreachableException {
        stuck.removeIf(StuckException::isOver);
        if (stuck.size() >= MOST_STUCK) {
            throw new UnreachableException(stuck.get(0).problem());
        }
        Held<T> now = held;
        if (now == null) {
            throw new UnreachableException(lack.orElseGet(this::missing));
        }
        return now;
    }

    /** One that holds nothing is replaced at the next occasion; what holds something goes on, since others depend on that. */
    private void giveUp(Held<T> now, StuckException e) {
        stuck.add(e);
        events.publish(EventKind.PLUGIN_STUCK, name(), now.offer().bundle(), e.place());
        boolean replaceable = !(now.instance() instanceof Handover);
        if (replaceable
                && current().filter(instance -> instance == now.instance()).isPresent()) {
            held = null;
            instances.close(now.instance());
        }
    }

    private void change(Offer<T> next) throws DewyException {
        Held<T> before = held;
        if (before == null) {
            held = new Held<>(next, instances.open(next, parked));
            if (next.provider() instanceof AdoptingProvider<T>) {
                parked = Optional.empty();
            }
            endParked();
        } else {
            held = new Held<>(next, instances.succeed(before.instance(), before.offer(), next));
            checkOrReturn(before.offer());
            events.publish(EventKind.PLUGIN_SWAPPED, name(), before.offer().bundle(), next.bundle());
        }
        lack = Optional.empty();
    }

    /** What was handed over is with the new instance already: if that is not well, it hands it back. */
    private void checkOrReturn(Offer<T> before) throws DewyException {
        Held<T> now = Objects.requireNonNull(held);
        if (!(now.instance() instanceof Handover)) {
            return; // It was asked before it took over.
        }
        try {
            instances.check(now.instance());
        } catch (DewyException e) {
            held = new Held<>(before, instances.succeed(now.instance(), now.offer(), before));
            throw e;
        }
    }

    private void park() {
        Held<T> last = held;
        held = null;
        if (last == null) {
            return;
        }
        try {
            parked = instances.takeOut(last.instance());
        } catch (DewyException e) {
            events.publish(
                    EventKind.PLUGIN_REFUSED,
                    name(),
                    last.offer().bundle(),
                    e.problem().sentence());
        }
    }

    /** An empty slot tries again at each occasion, and tells the reason when it is another one. */
    private void refuse(Offer<T> offer, Problem problem) {
        boolean told = held == null && lack.equals(Optional.of(problem));
        if (held == null) {
            lack = Optional.of(problem);
        } else {
            refused = offer;
        }
        if (!told) {
            events.publish(EventKind.PLUGIN_REFUSED, name(), offer.bundle(), problem.sentence());
        }
    }

    private Optional<Offer<T>> better() {
        return closed ? Optional.empty() : wanted().filter(offer -> offer != refused && !isFrom(offer));
    }

    private Optional<Offer<T>> wanted() {
        if (pinned != null) {
            return Optional.ofNullable(pinned);
        }
        if (directory.best(kind, url.scheme()).isEmpty()) {
            directory.provide(kind, url.scheme());
        }
        return directory.best(kind, url.scheme());
    }

    private Problem missing() {
        return Problem.of(
                "use the " + kind.name(),
                url,
                "no plugin answers to \"" + url.scheme() + "\"",
                directory.advice(kind, url.scheme()));
    }

    private void endParked() {
        parked.ifPresent(state -> Remains.end(state, LEAVE_LIMIT));
        parked = Optional.empty();
    }
}
