package dewy.api.store;

import dewy.api.CancellableCall;
import dewy.api.Problem;
import dewy.api.Registration;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The right to do something that only one host may do at a time. Safe for use by several threads.
 *
 * <p>It tells how long it is good by the monotonic clock of this host, counted from before the store was asked for it: so the
 * store ends it later than the holder does, as long as both clocks run alike. That is enough for what can be undone. A
 * clock may stand still, as while a machine is suspended, and a thread may be held up between a look at the clock and what
 * follows: what must not be done twice is written {@linkplain Write#under under the lease}, since the store knows better.
 *
 * <p>It is made by a store, which alone tells it that it was {@linkplain #renewed renewed}, {@linkplain #lose lost} or
 * {@linkplain #released given back}.
 */
@ProviderType
public final class Lease {
    private final Claim claim;
    private final long token;
    private final LongSupplier nanoTime;
    private final CancellableCall life = CancellableCall.endless("");
    private long goodUntil;
    private Optional<String> end = Optional.empty();
    private CompletableFuture<Void> alarm = new CompletableFuture<>();

    private Lease(Claim claim, long token, long asked, LongSupplier nanoTime) {
        this.claim = claim;
        this.token = token;
        this.nanoTime = nanoTime;
        this.goodUntil = asked + claim.term().toNanos();
    }

    /**
     * Returns a lease that was granted.
     *
     * @param token greater than that of each lease of the same name before
     * @param asked what {@code nanoTime} said before the first request for it was sent
     * @param nanoTime the monotonic clock of this host, which counts nanoseconds
     */
    public static Lease granted(Claim claim, long token, long asked, LongSupplier nanoTime) {
        Lease lease = new Lease(claim, token, asked, nanoTime);
        lease.setAlarm();
        return lease;
    }

    public String name() {
        return claim.name();
    }

    public String owner() {
        return claim.owner();
    }

    public Duration term() {
        return claim.term();
    }

    /**
     * Returns what tells this lease from all others of its name: it grows with every grant. Where something else than the
     * store is to refuse a holder that overslept, it is given the token, and refuses those that are less than the greatest
     * it was given.
     */
    public long token() {
        return token;
    }

    /** Returns how long it is good, unless it is renewed; nothing when it is not held any more. */
    public Duration remaining() {
        look();
        synchronized (this) {
            return end.isPresent() ? Duration.ZERO : Duration.ofNanos(Math.max(0, left()));
        }
    }

    /**
     * Returns normally as long as it is good. Work that is done under it asks between two steps.
     *
     * @throws LostLeaseException if it is not held any more
     */
    public void check() throws LostLeaseException {
        look();
        if (isOver()) {
            throw lost();
        }
    }

    /**
     * Has {@code listener} run once when the lease is lost: its time is over, or the store says so; at once if that has
     * happened. It is not run when the lease is given back. It must neither block nor throw.
     */
    public Registration onLost(Runnable listener) {
        Registration registration = life.onCancel(listener);
        look();
        return registration;
    }

    /**
     * For stores: it was renewed.
     *
     * @param asked what the clock said before the request for it was sent
     * @throws LostLeaseException if it had been lost before that was known: its holder has been told
     */
    public void renewed(long asked) throws LostLeaseException {
        check();
        synchronized (this) {
            long until = asked + claim.term().toNanos();
            if (until - goodUntil > 0) {
                goodUntil = until;
            }
        }
        check();
    }

    /** For stores: it was lost. Its holder is told, and a store throws what this returns. */
    public LostLeaseException lose(String why) {
        if (end(why)) {
            life.cancel(why);
        }
        return lost();
    }

    /** For stores: its holder gives it back, which the store is about to be asked for. */
    public void released() {
        if (end("it was given back")) {
            life.close();
        }
    }

    /** Returns whether it has ended just now. */
    private synchronized boolean end(String why) {
        if (end.isPresent()) {
            return false;
        }
        end = Optional.of(why);
        alarm.complete(null);
        return true;
    }

    private synchronized boolean isOver() {
        return end.isPresent();
    }

    private synchronized LostLeaseException lost() {
        return new LostLeaseException(Problem.of("go on under the lease", name(), end.orElse(""), ""));
    }

    private synchronized long left() {
        return goodUntil - nanoTime.getAsLong();
    }

    private void look() {
        if (endWhenLate()) {
            life.cancel("its time is over");
        }
    }

    private synchronized boolean endWhenLate() {
        return left() <= 0 && end("its time is over");
    }

    /** It is set again when it rings too early, since the lease was renewed. */
    private synchronized void setAlarm() {
        if (end.isEmpty()) {
            alarm = new CompletableFuture<Void>().orTimeout(left(), TimeUnit.NANOSECONDS);
            var unused = alarm.exceptionallyCompose(ringing -> CompletableFuture.runAsync(() -> {
                look();
                setAlarm();
            }));
        }
    }

    @Override
    public String toString() {
        return "lease " + token + " of " + owner() + " on " + name();
    }
}
