package dewy.core.plugin;

import dewy.api.plugin.HandoverState;
import java.time.Duration;
import java.util.Optional;

/**
 * What an instance has handed over and no other one has adopted yet. Changed by one thread at a time, looked at by any.
 */
final class ParkedState {
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private volatile Optional<HandoverState> state = Optional.empty();

    void park(Optional<HandoverState> left) {
        state = left;
    }

    Optional<HandoverState> state() {
        return state;
    }

    /** Returns it, as somebody else's from now on. */
    Optional<HandoverState> take() {
        Optional<HandoverState> taken = state;
        state = Optional.empty();
        return taken;
    }

    /** Ends what nobody adopts. */
    void end() {
        take().ifPresent(left -> Termination.await(left, END_LIMIT));
    }
}
