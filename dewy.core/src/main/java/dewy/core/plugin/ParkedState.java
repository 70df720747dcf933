package dewy.core.plugin;

import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What an instance has handed over and no other one has adopted yet. Changed by one thread at a time, looked at by any.
 */
public final class ParkedState {
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
        take().ifPresent(left -> end(left, END_LIMIT));
    }

    /** Ends all at once, each with force at the limit; what does not return soon after that is waited for no longer. */
    public static void end(HandoverState state, Duration limit) {
        List<Thread> ends = new ArrayList<>();
        state.resources().forEach((name, resource) -> ends.add(begin(name, resource, limit)));
        long deadline = System.nanoTime() + limit.multipliedBy(2).toNanos();
        try {
            for (Thread end : ends) {
                TimeUnit.NANOSECONDS.timedJoin(end, Math.max(1, deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread begin(String name, Inheritable resource, Duration limit) {
        Thread thread = new Thread(() -> resource.end(limit), "dewy-end-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
