package dewy.core.operation;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.Operation.Progress;
import dewy.api.control.Order;
import dewy.api.plugin.Secret;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An operation, from when it was asked for until it has ended. Whoever does it tells how far it is; whoever wants to may wait
 * for it or cancel it. Safe for use by several threads.
 *
 * @param <R> what comes of it
 */
public final class Ongoing<R> {
    /** The step of one whose turn has not come. */
    public static final String WAIT = "wait";

    /** How long it is waited for whether a cancellation came in time. */
    private static final Duration EFFECT = Duration.ofSeconds(5);

    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String id;
    private final Order order;
    private final String on;
    private final String actor;
    private final Instant started;
    private final Surroundings surroundings;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final AtomicReference<@Nullable CycleOutcome> outcome = new AtomicReference<>();
    private final Cancellation cancellation = new Cancellation();
    private volatile Stage stage;
    private volatile Optional<String> version;
    private volatile Optional<Progress> progress = Optional.empty();
    private volatile long toldAt;

    /** What it is doing, and since when. */
    private record Stage(String step, Instant since) {}

    /** Where operations are told of, and who hears that they are over. */
    record Surroundings(EventStream events, InstantSource clock, LongSupplier nanoTime, Consumer<Ongoing<?>> over) {}

    Ongoing(String id, Order order, String actor, Surroundings surroundings) {
        this.id = id;
        this.order = order;
        this.on = Secret.masked(order.on());
        this.actor = actor;
        this.surroundings = surroundings;
        this.started = surroundings.clock().instant();
        this.stage = new Stage(WAIT, started);
        this.version = order.version();
    }

    public String id() {
        return id;
    }

    public String actor() {
        return actor;
    }

    /** Returns it as it is now. */
    public Operation shown() {
        Optional<String> named = Optional.of(on);
        boolean isForPlugin = order.isForPlugin();
        Stage now = stage;
        return new Operation(
                id,
                order.what(),
                named.filter(app -> !isForPlugin),
                named.filter(plugin -> isForPlugin),
                version,
                actor,
                started,
                now.step(),
                now.since(),
                progress,
                outcome());
    }

    /** Has what it does now end when it is cancelled, until that is taken back. */
    public Registration within(CancellableCall now) {
        return cancellation.within(now);
    }

    /** Notes which step it has come to. */
    public void enter(String next) {
        stage = new Stage(next, surroundings.clock().instant());
        progress = Optional.empty();
    }

    /** Notes which version it turned out to be about. */
    public void about(String tag) {
        version = Optional.of(tag);
    }

    /** Notes that it is too late to cancel it from now on; returns false when it was cancelled before. */
    public boolean tryCommit() {
        return cancellation.tryCommit();
    }

    /** Notes that what it is for has taken effect: it is too late to cancel it, also for who did before that. */
    public void commit() {
        cancellation.commit().ifPresent(who -> tell(EventKind.OPERATION_NOT_CANCELLED, who));
    }

    /** Has it wait for another turn; one that was cancelled meanwhile ends. */
    public void waitAgain() {
        enter(WAIT);
        if (cancelledBy().isPresent()) {
            fail(cancellation());
        }
    }

    /** Returns the failure of one that was cancelled. */
    public CancelledException cancellation() {
        return new CancelledException(
                Problem.of(name(), on, Cancellation.reason(cancelledBy().orElse(actor)), ""));
    }

    /** Notes how far a piece of work is; of one that takes long, the log tells so now and then. */
    public void progress(String what, long done, long total) {
        long now = surroundings.nanoTime().getAsLong();
        if (progress.filter(before -> before.what().equals(what)).isEmpty()) {
            toldAt = now;
        }
        progress = Optional.of(new Progress(what, done, total < 0 ? OptionalLong.empty() : OptionalLong.of(total)));
        if (now - toldAt >= TELL_NANOS) {
            toldAt = now;
            scope(actor)
                    .publish(
                            EventKind.OPERATION_PROGRESS, id, name(), stage.step(), what, done, total < 0 ? "" : total);
        }
    }

    /** Returns who cancelled it, if somebody did. */
    public Optional<String> cancelledBy() {
        return cancellation.by();
    }

    /**
     * Has it end before it is done; one whose turn has not come ends at once. Waits a moment for whether that was in time:
     * where it goes on after that it is being cancelled, and either may come of it still.
     *
     * @throws InvalidException if it has ended, or it is too late
     */
    public void cancel(String who) throws DewyException {
        cancel(who, EFFECT);
    }

    void cancel(String who, Duration patience) throws DewyException {
        requireInTime(cancellation.request(who));
        if (!cancellation.endWork(who) && stage.step().equals(WAIT)) {
            fail(cancellation());
        }
        Cancellation.Stage reached;
        try {
            reached = cancellation.awaitEffect(patience);
        } catch (InterruptedException e) {
            throw interrupted();
        }
        if (!isCancelled()) {
            requireInTime(reached);
        }
    }

    private void requireInTime(Cancellation.Stage reached) throws InvalidException {
        if (reached != Cancellation.Stage.OPEN) {
            boolean isOver = reached == Cancellation.Stage.OVER;
            String why = isOver ? "it has ended" : "what it is for is taking effect already";
            throw new InvalidException(Problem.of("cancel the operation", id, why, advice()));
        }
    }

    private boolean isCancelled() {
        return outcome()
                .filter(how -> how.outcome() == CycleOutcome.Kind.CANCELLED)
                .isPresent();
    }

    /** Ends it with what came of it. Does nothing when it has ended. */
    public void end(R value, CycleOutcome how) {
        if (conclude(how)) {
            result.complete(value);
        }
    }

    /** Returns the outcome of one that was done, and of which there is no more to say. */
    public CycleOutcome done(String reason) {
        return outcome(CycleOutcome.Kind.DONE, reason, Optional.empty());
    }

    /** Ends it without what was wanted of it. Does nothing when it has ended. */
    public void fail(Exception e) {
        Optional<FailureKind> kind =
                e instanceof DewyException foreseen ? Optional.of(foreseen.kind()) : Optional.empty();
        boolean isCancelled = kind.equals(Optional.of(FailureKind.CANCELLED));
        String reason =
                e instanceof DewyException foreseen ? foreseen.problem().sentence() : "it failed unforeseen: " + e;
        CycleOutcome.Kind how = isCancelled ? CycleOutcome.Kind.CANCELLED : CycleOutcome.Kind.FAILED;
        if (conclude(outcome(how, reason, kind))) {
            result.completeExceptionally(e);
        }
    }

    /** Notes what came of it, unless it has ended before. */
    private boolean conclude(CycleOutcome how) {
        if (!outcome.compareAndSet(null, how)) {
            return false;
        }
        cancellation.end();
        EventKind told = isCancelled() ? EventKind.OPERATION_CANCELLED : EventKind.OPERATION_NOT_CANCELLED;
        cancelledBy().ifPresent(who -> tell(told, who));
        surroundings.over().accept(this);
        return true;
    }

    private Optional<CycleOutcome> outcome() {
        return Optional.ofNullable(outcome.get());
    }

    /** Part of an operation. */
    @FunctionalInterface
    public interface Work {
        void run() throws DewyException;
    }

    /** Does a part of it; whatever that fails by ends it. */
    public void attempt(Work work) {
        try {
            work.run();
        } catch (DewyException | RuntimeException e) {
            fail(e);
        } catch (Error e) {
            fail(new IllegalStateException(e));
            throw e;
        }
    }

    /** Returns whether it has ended. */
    public boolean isOver() {
        return outcome().isPresent();
    }

    /**
     * Waits for what comes of it.
     *
     * @throws CancelledException if it was cancelled, or whoever waits is interrupted
     */
    public R await() throws DewyException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DewyException foreseen) {
                throw foreseen;
            }
            throw new IllegalStateException("an operation failed unforeseen", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * Waits until it has ended, but not longer than that.
     *
     * @throws CancelledException if whoever waits is interrupted
     */
    public void await(Duration limit) throws CancelledException {
        try {
            var unused = result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Whoever waits looks how it is.
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private CycleOutcome outcome(CycleOutcome.Kind kind, String reason, Optional<FailureKind> failure) {
        return new CycleOutcome(kind, stage.step(), reason, surroundings.clock().instant(), version, failure);
    }

    private void tell(EventKind kind, String who) {
        scope(who).publish(kind, id, name(), order.isForPlugin() ? on : "", who);
    }

    private EventScope scope(String who) {
        String app = order.isForPlugin() ? "" : order.on();
        return surroundings.events().scope(app).during("", "command", who);
    }

    private CancelledException interrupted() {
        Thread.currentThread().interrupt();
        return new CancelledException(Problem.of(
                "wait for the operation",
                id,
                "the waiting was interrupted; it goes on",
                "\"cancel " + id + "\" ends it"));
    }

    private String advice() {
        return cancellation.isCommitted() && !order.isForPlugin() ? "\"rollback " + order.on() + "\" goes back" : "";
    }

    private String name() {
        return order.what().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
