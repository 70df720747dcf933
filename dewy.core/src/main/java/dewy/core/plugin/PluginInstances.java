package dewy.core.plugin;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.PluginUrl;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the instances of one plugin URL, and has one take over from another. Each step takes a few seconds at most, whatever
 * the plugin does; the first instance may take longer, since a host on which many agents start is slow.
 *
 * @param <T> what is opened
 */
final class PluginInstances<T extends AutoCloseable> {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.plugin");
    /** What is under way may have others wait. */
    private static final Duration STEP_LIMIT = Duration.ofSeconds(5);

    private static final Duration RECOVER_LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(10);

    /** What an offer should have opened, and has not yet. */
    private record HeldUp(Offer<?> offer, Guard.StuckException opening) {}

    private final String what;
    private final PluginUrl url;
    private final AppContext app;
    private final Guard guard;
    private final Duration startLimit;
    private volatile Optional<HeldUp> heldUp = Optional.empty();

    /** @param startLimit how long the first instance may take to open */
    PluginInstances(PluginKind<T> kind, PluginUrl url, AppContext app, Guard guard, Duration startLimit) {
        this("use the " + kind.name(), url, app, guard, startLimit);
    }

    private PluginInstances(String what, PluginUrl url, AppContext app, Guard guard, Duration startLimit) {
        this.what = what;
        this.url = url;
        this.app = app;
        this.guard = guard;
        this.startLimit = startLimit;
    }

    /** Returns those of another URL. */
    PluginInstances<T> of(PluginUrl other) {
        return new PluginInstances<>(what, other, app, guard, startLimit);
    }

    /** Returns what an earlier agent left for an instance to go on with. */
    Optional<HandoverState> recover(Offer<T> offer, Optional<HandoverState> kept) throws DewyException {
        if (offer.provider() instanceof AdoptingProvider<T> adopting) {
            return guard.within(RECOVER_LIMIT, what, url, call -> adopting.recover(call, url, app, kept));
        }
        return kept;
    }

    /**
     * Opens the first instance, as {@link #open} does.
     *
     * @throws Guard.StuckException if it takes too long
     */
    T start(Offer<T> offer, Optional<HandoverState> left) throws DewyException {
        return open(offer, left, startLimit);
    }

    /**
     * Opens an instance that goes on with what another one left, where its provider can do that.
     *
     * @throws Guard.StuckException if it takes too long
     */
    T open(Offer<T> offer, Optional<HandoverState> left) throws DewyException {
        return open(offer, left, STEP_LIMIT);
    }

    private T open(Offer<T> offer, Optional<HandoverState> left, Duration limit) throws DewyException {
        try {
            return guard.within(
                    limit,
                    what,
                    url,
                    call -> left.isPresent() && offer.provider() instanceof AdoptingProvider<T> adopting
                            ? adopting.adopt(url, app, left.get())
                            : offer.provider().open(url, app));
        } catch (Guard.StuckException e) {
            heldUp = Optional.of(new HeldUp(offer, e));
            throw e;
        }
    }

    /** Returns whether what an offer was to open keeps a thread still: it would keep another one each time that it is tried. */
    boolean isHeldUp(Offer<T> offer) {
        return heldUp.filter(last -> last.offer() == offer && !last.opening().isOver())
                .isPresent();
    }

    /** Opens an instance of an app that is left alone by it, asks whether it could do its work, and closes it. */
    void prove(Offer<T> offer) throws DewyException {
        T instance = bounded(call -> offer.provider().open(url, new TrialContext(app)));
        try {
            check(instance);
        } finally {
            close(instance);
        }
    }

    /**
     * Has an instance of another provider take over. When this throws, the old one goes on as if nothing had been.
     *
     * @throws InvalidException if either does not understand what the other one hands over
     */
    T succeed(T old, Offer<T> from, Offer<T> to) throws DewyException {
        if (!(old instanceof Handover handover)) {
            T next = open(to, Optional.empty());
            checkOrClose(next);
            close(old);
            return next;
        }
        if (!(to.provider() instanceof AdoptingProvider<T> adopting)) {
            throw incompatible(to + " cannot go on with what " + from + " holds");
        }
        requireCommonFormats(from, to, adopting);
        HandoverState state = bounded(handover::prepare);
        T next;
        try {
            next = open(to, Optional.of(state));
        } catch (DewyException e) {
            attempt("go on", handover::abort);
            throw e;
        }
        attempt("hand over", handover::commit);
        close(old);
        return next;
    }

    /** Returns what the instance holds, which is the caller's from now on, and closes it. */
    Optional<HandoverState> takeOut(T instance) throws DewyException {
        if (!(instance instanceof Handover handover)) {
            close(instance);
            return Optional.empty();
        }
        try {
            HandoverState state = bounded(handover::prepare);
            attempt("hand over", handover::commit);
            return Optional.of(state);
        } finally {
            close(instance);
        }
    }

    /** Asks whether an instance is able to do its work. */
    void check(T instance) throws DewyException {
        if (instance instanceof HealthCheck health) {
            guard.<Boolean>within(CHECK_LIMIT, what, url, call -> {
                health.check(call);
                return true;
            });
        }
    }

    /** Closes an instance. One that fails to close is told, and nobody waits for it. */
    void close(T instance) {
        attempt("close", instance::close);
    }

    private void checkOrClose(T instance) throws DewyException {
        try {
            check(instance);
        } catch (DewyException e) {
            close(instance);
            throw e;
        }
    }

    private void requireCommonFormats(Offer<T> from, Offer<T> to, AdoptingProvider<T> next) throws DewyException {
        if (!(from.provider() instanceof AdoptingProvider<T> before)) {
            return;
        }
        int written = bounded(call -> before.format());
        int toBeWritten = bounded(call -> next.format());
        if (!this.<Boolean>bounded(call -> next.adopts(written))) {
            throw incompatible(to + " cannot go on with what " + from + " hands over, which has format " + written);
        }
        if (!this.<Boolean>bounded(call -> before.adopts(toBeWritten))) {
            throw incompatible(to + " hands over in format " + toBeWritten + ", which " + from
                    + " cannot take back, so that there would be no return");
        }
    }

    private InvalidException incompatible(String why) {
        return new InvalidException(Problem.of(what, url, why, "Use a version between the two first"));
    }

    private <R> R bounded(Guard.CalledWork<R> work) throws DewyException {
        return guard.within(STEP_LIMIT, what, url, work);
    }

    private interface Step {
        void run() throws Exception;
    }

    private void attempt(String step, Step work) {
        try {
            guard.<Boolean>within(CLOSE_LIMIT, what, url, call -> {
                work.run();
                return true;
            });
        } catch (DewyException e) {
            LOG.atWarn()
                    .addKeyValue("app", app.name())
                    .addKeyValue("step", step)
                    .addKeyValue("error", e.problem().sentence())
                    .log("Plugin failure");
        }
    }
}
