package dewy.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The call as its owner sees it: it can be cancelled, and is closed when the work is done.
 *
 * <p>It has no thread of its own: whoever owns it calls {@link #cancel} or {@link #expire} when the time comes; core
 * does so from its scheduler. Safe for use by several threads.
 */
@ProviderType
public final class CancellableCall implements Call, AutoCloseable {
    private enum State {
        WANTED,
        CANCELLED,
        EXPIRED
    }

    /** Receives the progress of a call. */
    @FunctionalInterface
    public interface ProgressListener {
        void progress(String what, long done, long total);
    }

    private final String traceId;
    private volatile Optional<String> deployId;
    private final LongSupplier nanoTime;
    private final long deadline;
    private final ProgressListener progress;
    private final Map<Object, Runnable> closers = new ConcurrentHashMap<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile State state = State.WANTED;
    private volatile String reason = "";
    private volatile Optional<ScheduledExecutorService> timer = Optional.empty();

    private CancellableCall(
            String traceId,
            Optional<String> deployId,
            LongSupplier nanoTime,
            long deadline,
            ProgressListener progress) {
        this.traceId = traceId;
        this.deployId = deployId;
        this.nanoTime = nanoTime;
        this.deadline = deadline;
        this.progress = progress;
    }

    /** Returns a call that may take {@code limit} by the system's monotonic clock, and expires by itself. */
    public static CancellableCall of(String traceId, Duration limit) {
        CancellableCall call = of(traceId, Optional.empty(), limit, System::nanoTime, (what, done, total) -> {});
        // On a thread of its own only when it does expire: most calls end before, and there are many.
        var unused = call.ended
                .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(late -> CompletableFuture.runAsync(call::expire));
        return call;
    }

    /** Returns a call that ends only when it is cancelled. */
    public static CancellableCall endless(String traceId) {
        return of(traceId, Optional.empty(), Duration.ofNanos(Long.MAX_VALUE / 2), () -> 0, (what, done, total) -> {});
    }

    /**
     * Returns a call that may take {@code limit} by the given monotonic clock, which counts nanoseconds. Whoever makes it
     * calls {@link #expire} when the time is over.
     */
    public static CancellableCall of(
            String traceId,
            Optional<String> deployId,
            Duration limit,
            LongSupplier nanoTime,
            ProgressListener progress) {
        return new CancellableCall(traceId, deployId, nanoTime, nanoTime.getAsLong() + limit.toNanos(), progress);
    }

    /** Has a timer expire it when its time is over; once it is closed, the timer knows it no more. */
    public CancellableCall expiredBy(ScheduledExecutorService scheduler) {
        timer = Optional.of(scheduler);
        ScheduledFuture<?> expiry = scheduler.schedule(this::expire, remaining().toNanos(), TimeUnit.NANOSECONDS);
        var unused = ended.whenComplete((nothing, late) -> expiry.cancel(false));
        return this;
    }

    /** Returns a call for a part of this one: it ends when this one does, and expires after {@code limit} at the latest. */
    public CancellableCall within(Duration limit) {
        Duration left = remaining();
        CancellableCall part = of(traceId, deployId, limit.compareTo(left) < 0 ? limit : left, nanoTime, progress);
        Registration ending = onCancel(() -> part.end(state, reason));
        var unused = part.ended.whenComplete((nothing, late) -> ending.close());
        return timer.map(part::expiredBy).orElse(part);
    }

    @Override
    public String traceId() {
        return traceId;
    }

    /** Makes it part of a deployment, which may turn out only while it runs. */
    public void belongTo(String deployment) {
        deployId = Optional.of(deployment);
    }

    @Override
    public Optional<String> deployId() {
        return deployId;
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - nanoTime.getAsLong()));
    }

    @Override
    public boolean isOver() {
        return state != State.WANTED || remaining().isZero();
    }

    @Override
    public void check() throws CancelledException, ExpiredException {
        if (state == State.CANCELLED) {
            throw new CancelledException(new Problem("go on", "", reason, ""));
        }
        if (isOver()) {
            throw new ExpiredException(new Problem("go on", "", "the time allowed for it is over", ""));
        }
    }

    @Override
    public Registration onCancel(Runnable close) {
        Object key = new Object();
        closers.put(key, close);
        if (state != State.WANTED) {
            runClosers();
        }
        return () -> closers.remove(key);
    }

    @Override
    public void progress(String what, long done, long total) {
        progress.progress(what, done, total);
    }

    /** Ends the call because nobody wants it any more; {@code why} is told to whoever checks it. */
    public void cancel(String why) {
        end(State.CANCELLED, why);
    }

    /** Ends the call because its time is over. */
    public void expire() {
        end(State.EXPIRED, "the time allowed for it is over");
    }

    /** Ends the call and forgets what was registered with it. */
    @Override
    public void close() {
        ended.complete(null);
        closers.clear();
    }

    private synchronized void end(State end, String why) {
        if (state == State.WANTED) {
            reason = why;
            state = end;
        }
        runClosers();
    }

    /** One that fails must not keep the others from being run. */
    @SuppressWarnings("IllegalCatch")
    private static @Nullable RuntimeException run(Runnable close, @Nullable RuntimeException before) {
        try {
            close.run();
            return before;
        } catch (RuntimeException e) {
            return before == null ? e : before;
        }
    }

    private void runClosers() {
        RuntimeException failure = null;
        for (Object key : List.copyOf(closers.keySet())) {
            Runnable close = closers.remove(key);
            if (close != null) {
                failure = run(close, failure);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
