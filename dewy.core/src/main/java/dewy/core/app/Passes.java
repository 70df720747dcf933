package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.control.AppState;
import dewy.core.cycle.Pass;
import dewy.core.event.EventScope;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The passes of one app, each with a call that ends in time, or with the app. One runs at a time; how far it has come may be
 * asked, and all be ended, by any thread.
 */
final class Passes {
    private final Duration limit;
    private final Timing timing;
    private volatile AppState state = AppState.WATCHING;
    private volatile @Nullable CancellableCall running;
    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean interrupted;

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

    /** Cancels the pass that runs, and those that come. */
    void end(String reason) {
        ended = Optional.of(reason);
        CancellableCall call = running;
        if (call != null) {
            call.cancel(reason);
        }
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

    private void entered(String step) {
        state = "gate".equals(step) ? AppState.CHECKING : AppState.DEPLOYING;
    }
}
