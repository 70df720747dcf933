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
import java.util.Objects;
import java.util.Optional;
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
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);
    private static final Duration MOVE_LIMIT = Duration.ofSeconds(45);

    /** Something done with the instance. */
    @FunctionalInterface
    public interface Use<T, R> {
        R with(T instance) throws DewyException;
    }

    private record Held<T extends AutoCloseable>(Offer<T> offer, T instance) {}

    private final PluginKind<T> kind;
    private final AppContext app;
    private final EventScope events;
    private final Guard guard;
    private final ProviderChoice<T> choice;
    private final SlotUsage usage = new SlotUsage();
    private final ParkedState parked = new ParkedState();
    // Changed by whoever has begun to, looked at by anybody.
    private volatile PluginUrl url;
    private volatile PluginInstances<T> instances;
    private volatile @Nullable Held<T> held;
    private volatile Optional<Problem> lack = Optional.empty();
    private volatile boolean closed;

    public PluginSlot(
            PluginKind<T> kind,
            PluginUrl url,
            AppContext app,
            PluginDirectory directory,
            EventScope events,
            Guard guard) {
        this(kind, url, app, directory, events, guard, START_LIMIT);
    }

    PluginSlot(
            PluginKind<T> kind,
            PluginUrl url,
            AppContext app,
            PluginDirectory directory,
            EventScope events,
            Guard guard,
            Duration startLimit) {
        this.kind = kind;
        this.url = url;
        this.app = app;
        this.events = events;
        this.guard = guard;
        this.choice = new ProviderChoice<>(kind, url, directory);
        this.instances = new PluginInstances<>(kind, url, app, guard, startLimit);
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
        return choice.wanted().isPresent();
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
    public Optional<Offer<T>> fitting(Offer<?> offer) {
        return choice.fitting(offer);
    }

    /**
     * Plugs an instance in, so that a wrong URL is known at once. Where it takes so long to open that nobody can say whether the
     * URL is wrong, that is told, and the slot stays empty until it settles.
     *
     * @throws InvalidException if nobody answers to the scheme, or the URL is wrong
     */
    public void fill() throws InvalidException {
        fill(Optional.empty());
    }

    /**
     * Plugs an instance in, as {@link #fill()} does. It goes on with what another slot has handed over, now or when the slot
     * settles; when this throws, that is still the caller's.
     *
     * @throws InvalidException if nobody answers to the scheme, or the URL is wrong
     */
    public void fill(Optional<HandoverState> inherited) throws InvalidException {
        Offer<T> best = choice.wanted().orElseThrow(() -> new InvalidException(choice.missing()));
        parked.park(inherited);
        try {
            begin(best, instances.start(best, inherited));
        } catch (Guard.StuckException e) {
            lack = Optional.of(e.problem());
            events.publish(EventKind.PLUGIN_STUCK, name(), best.bundle(), e.place());
        } catch (DewyException e) {
            parked.park(Optional.empty());
            throw e instanceof InvalidException invalid ? invalid : new InvalidException(e.problem(), e);
        }
    }

    /**
     * Asks the plugin what an earlier agent left, before anything is plugged in.
     *
     * @param kept what was written down, and is left
     * @return what to {@linkplain #fill(Optional) fill} the slot with
     */
    public Optional<HandoverState> recover(Optional<HandoverState> kept) throws DewyException {
        Offer<T> best = choice.wanted().orElseThrow(() -> new InvalidException(choice.missing()));
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
        usage.beginChange(LEAVE_LIMIT, "the plugin " + name() + " is handed over");
        try {
            park();
            return parked.take();
        } finally {
            usage.endChange();
        }
    }

    /**
     * Moves to the best provider there is, if that is another one, handing over what the instance holds. When that fails it
     * stays as it is, and so it does while the instance is in use.
     */
    public void settle() {
        if (better().isEmpty() || !usage.tryBeginChange()) {
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
            usage.endChange();
        }
    }

    /**
     * Moves to a provider, whether it is the best one or not, and stays there until it is {@linkplain #release released}.
     *
     * @throws DewyException if it cannot; all is as before
     */
    public void moveTo(Offer<T> next) throws DewyException {
        usage.beginChange(MOVE_LIMIT, "the plugin " + name() + " is replaced");
        try {
            if (!isFrom(next)) {
                change(next);
            }
            choice.pin(next);
        } finally {
            usage.endChange();
        }
    }

    /**
     * Has an instance of another URL of the same scheme take over from the one that is plugged in, and from now on.
     *
     * @throws InvalidException if that URL is wrong; all is as before
     * @throws UnreachableException if nothing is plugged in
     */
    public void reopen(PluginUrl other) throws DewyException {
        usage.beginChange(MOVE_LIMIT, "the plugin " + name() + " is opened anew");
        try {
            Held<T> now = usable();
            PluginInstances<T> next = instances.of(other);
            held = new Held<>(now.offer(), next.succeed(now.instance(), now.offer(), now.offer()));
            instances = next;
            url = other;
        } finally {
            usage.endChange();
        }
    }

    /** Settles on the best provider again, from the next time on. */
    public void release() {
        choice.unpin();
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
        usage.enter(call);
        try {
            Held<T> now = usable();
            try {
                return guard.run(call, "use the " + kind.name(), url, () -> use.with(now.instance()));
            } catch (Guard.StuckException e) {
                giveUp(now, e);
                throw e;
            }
        } finally {
            usage.leave(call);
        }
    }

    /** The provider of the instance is going: what it holds is kept for the next one, and it is closed. */
    public void vacate(Offer<?> leaving) {
        choice.forget(leaving);
        if (!isFrom(leaving)) {
            return;
        }
        usage.cancel("the plugin " + name() + " was stopped");
        usage.beginChange(LEAVE_LIMIT, "the plugin " + name() + " was stopped");
        try {
            if (isFrom(leaving)) {
                park();
                events.publish(EventKind.PLUGIN_LOST, name(), leaving.bundle());
            }
        } finally {
            usage.endChange();
        }
    }

    @Override
    public void close() {
        usage.beginChange(LEAVE_LIMIT, "the app was stopped");
        try {
            closed = true;
            current().ifPresent(instances::close);
            held = null;
            parked.end();
        } finally {
            usage.endChange();
        }
    }

    private Held<T> usable() throws UnreachableException {
        usage.requireFewStuck();
        Held<T> now = held;
        if (now == null) {
            throw new UnreachableException(lack.orElseGet(choice::missing));
        }
        return now;
    }

    /** One that holds nothing is replaced at the next occasion; what holds something goes on, since others depend on that. */
    private void giveUp(Held<T> now, Guard.StuckException e) {
        usage.stuck(e);
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
            begin(next, instances.open(next, parked.state()));
        } else {
            held = new Held<>(next, instances.succeed(before.instance(), before.offer(), next));
            checkOrReturn(before.offer());
            events.publish(EventKind.PLUGIN_SWAPPED, name(), before.offer().bundle(), next.bundle());
            lack = Optional.empty();
        }
    }

    /** Begins with an instance, which goes on with what is parked, if its provider can do that. */
    private void begin(Offer<T> offer, T instance) {
        held = new Held<>(offer, instance);
        if (offer.provider() instanceof AdoptingProvider<T>) {
            parked.park(Optional.empty());
        }
        parked.end();
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
            parked.park(instances.takeOut(last.instance()));
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
            choice.refuse(offer);
        }
        if (!told) {
            events.publish(EventKind.PLUGIN_REFUSED, name(), offer.bundle(), problem.sentence());
        }
    }

    private Optional<Offer<T>> better() {
        return closed ? Optional.empty() : choice.better(this::isFrom).filter(offer -> !instances.isHeldUp(offer));
    }
}
