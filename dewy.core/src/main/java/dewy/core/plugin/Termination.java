package dewy.core.plugin;

import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends what runs and nobody goes on with. */
public final class Termination {
    private Termination() {}

    /** Ends all at once, each with force at the limit; what does not return soon after that is waited for no longer. */
    public static void await(HandoverState state, Duration limit) {
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
