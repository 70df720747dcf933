package dewy.core.fleet;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.ReadableTime;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The store in which the hosts of an app agree. It answers within seconds, or this host goes on alone, which is told, and asks
 * it again after a while. For one thread.
 */
public final class SharedStore {
    /** The first request of a JVM that has just been started among many takes seconds. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private static final Duration LEFT_ALONE = Duration.ofSeconds(30);

    /** The store is of no use now: this host goes on alone. */
    static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnavailableException(String why) {
            super(why);
        }
    }

    /** What is done with it. */
    @FunctionalInterface
    interface Use<R> {
        R with(CancellableCall call, Store store) throws DewyException;
    }

    /** What is done with it that may as well be left undone. */
    @FunctionalInterface
    interface Errand {
        void run(CancellableCall call, Store store) throws DewyException;
    }

    private record Failure(String why, long at) {}

    private final PluginSlot<Store> slot;
    private final String owner;
    private final EventScope events;
    private final LongSupplier nanoTime;
    private Optional<Failure> failure = Optional.empty();

    /** @param owner who takes leases: one name for each agent that has the app, the same after a restart */
    public SharedStore(PluginSlot<Store> slot, String owner, EventScope events, LongSupplier nanoTime) {
        this.slot = slot;
        this.owner = owner;
        this.events = events;
        this.nanoTime = nanoTime;
    }

    String owner() {
        return owner;
    }

    /**
     * Does something with it.
     *
     * @throws LostLeaseException as the store does
     * @throws DewyException if the call is over
     */
    <R> R use(CancellableCall call, Use<R> use) throws DewyException, UnavailableException {
        if (failure.isPresent() && nanoTime.getAsLong() - failure.get().at() < LEFT_ALONE.toNanos()) {
            throw new UnavailableException(failure.get().why());
        }
        Duration limit = limit(call);
        try (CancellableCall brief = call.within(limit)) {
            R result = slot.use(brief, store -> use.with(brief, store));
            failure.ifPresent(over -> events.publish(EventKind.STORE_RESTORED));
            failure = Optional.empty();
            return result;
        } catch (LostLeaseException e) {
            throw e;
        } catch (ExpiredException e) {
            call.check();
            throw unavailable("The store " + slot.url() + " did not answer within " + ReadableTime.of(limit));
        } catch (DewyException e) {
            call.check();
            throw unavailable(e.problem().sentence());
        }
    }

    /**
     * Does something that may as well be left undone, since the lease that it is about runs out, or a successor has the word.
     *
     * @throws DewyException if the call is over
     */
    void attempt(CancellableCall call, Errand errand) throws DewyException {
        try {
            this.<Boolean>use(call, (brief, store) -> {
                errand.run(brief, store);
                return true;
            });
        } catch (LostLeaseException | UnavailableException e) {
            // What the store lacks was told when it failed.
        }
    }

    /** Returns how long it may take, so that there is time left to go on alone. */
    private static Duration limit(CancellableCall call) {
        Duration half = call.remaining().dividedBy(2);
        return half.compareTo(LIMIT) < 0 ? half : LIMIT;
    }

    private UnavailableException unavailable(String why) {
        if (failure.isEmpty()) {
            events.publish(EventKind.STORE_FAILED, why);
        }
        failure = Optional.of(new Failure(why, nanoTime.getAsLong()));
        return new UnavailableException(why);
    }
}
