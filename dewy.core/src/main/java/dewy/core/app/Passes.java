package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.control.AppState;
import dewy.core.cycle.CycleStep;
import dewy.core.cycle.Pass;
import dewy.core.event.EventScope;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The passes of one app, and what else is done to it, each with a call that ends in time, or with the app. One runs at a time;
 * how far it has come may be asked, and all be ended, by any thread.
 */
final class Passes {
    /** Something that is done in the time of a call. */
    @FunctionalInterface
    interface Work {
        void with(CancellableCall call) throws DewyException;
    }

    private static final String CUT_SHORT = "stopping was cut short";

    private final Duration limit;
    private final Timing timing;
    private volatile AppState state = AppState.WATCHING;
    private volatile @Nullable CancellableCall running;
    private volatile @Nullable CancellableCall acting;
    private volatile @Nullable CancellableCall ending;
    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean interrupted;
    private volatile boolean cutShort;

    Passes(Duration limit, Timing timing) {
        this.limit = limit;
        this.timing = timing;
    }

    /** Runs a pass; one that begins after the end is cancelled from the start. */
    <T> T run(EventScope events, boolean asked, Function<Pass, T> work) {
        state = AppState.CHECKING;
        interrupted = false;
        try (CancellableCall call = call(limit, events)) {
            running = call;
            ended.ifPresent(call::cancel);
            return work.apply(new Pass(call, events, asked, this::entered));
        } finally {
            running = null;
            state = AppState.WATCHING;
        }
    }

    /** Does something that is no pass; nothing of the kind begins after the end. */
    void act(EventScope events, Work work) throws DewyException {
        try (CancellableCall call = call(limit, events)) {
            acting = call;
            ended.ifPresent(call::cancel);
            call.check();
            work.with(call);
        } finally {
            acting = null;
        }
    }

    /** Does the last thing, which is cut short when that {@linkplain #cutShort was asked for}, be it before. */
    void finish(Duration longest, EventScope events, Work work) throws DewyException {
        try (CancellableCall call = call(longest, events)) {
            ending = call;
            if (cutShort) {
                call.cancel(CUT_SHORT);
            }
            work.with(call);
        } finally {
            ending = null;
        }
    }

    /** Has the last thing wait for nothing any more. */
    void cutShort() {
        cutShort = true;
        cancel(ending, CUT_SHORT);
    }

    /** Returns a call that expires by itself. */
    CancellableCall call(Duration longest, EventScope events) {
        return CancellableCall.of(
                        UUID.randomUUID().toString(),
                        Optional.of(events.deployId()),
                        longest,
                        timing.nanoTime(),
                        (what, done, total) -> {})
                .expiredBy(timing.timer());
    }

    /** Cancels what is being done, and what comes, but for the last thing. */
    void end(String reason) {
        ended = Optional.of(reason);
        cancel(running, reason);
        cancel(acting, reason);
    }

    /** Cancels the pass that runs, if one does, and none that comes. */
    void interrupt(String reason) {
        CancellableCall call = running;
        if (call != null) {
            interrupted = true;
            call.cancel(reason);
        }
    }

    /** Returns whether the last pass was interrupted. */
    boolean wasInterrupted() {
        return interrupted && !isEnded();
    }

    boolean isEnded() {
        return ended.isPresent();
    }

    /** Returns what the pass that runs is doing, {@code WATCHING} when none does. */
    AppState state() {
        return state;
    }

    private static void cancel(@Nullable CancellableCall call, String reason) {
        if (call != null) {
            call.cancel(reason);
        }
    }

    private void entered(CycleStep step) {
        state = step.isBehindGates() ? AppState.DEPLOYING : AppState.CHECKING;
    }
}
