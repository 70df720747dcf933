package dewy.core.plugin;

import dewy.api.CancellableCall;
import dewy.api.UnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Who is busy with the instance in a slot: several may use it at a time, and one may change it while nobody uses it. Safe for
 * use by several threads.
 */
final class SlotUsage {
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);

    /** A use that hangs keeps a thread: so many may, for one plugin of one app. */
    private static final int MOST_STUCK = 3;

    private final List<CancellableCall> uses = new ArrayList<>();
    private final List<Guard.StuckException> stuck = new CopyOnWriteArrayList<>();
    private boolean changing;

    /** Begins to use it, once nobody changes it; for as long as the call lasts at most. */
    synchronized void enter(CancellableCall call) {
        await(call.remaining(), () -> !changing);
        uses.add(call);
    }

    synchronized void leave(CancellableCall call) {
        uses.remove(call);
        notifyAll();
    }

    /** Notes that a use does not come back. */
    void stuck(Guard.StuckException use) {
        stuck.add(use);
    }

    /** Requires that not too many uses hang. */
    void requireFewStuck() throws UnreachableException {
        stuck.removeIf(Guard.StuckException::isOver);
        if (stuck.size() >= MOST_STUCK) {
            throw new UnreachableException(stuck.get(0).problem());
        }
    }

    /** Has those who use it end at once. */
    synchronized void cancel(String why) {
        List.copyOf(uses).forEach(call -> call.cancel(why));
    }

    /**
     * Begins to change it, once nobody uses or changes it, and has others wait. Uses that last longer than the limit are
     * cancelled; those that go on all the same are not waited for.
     */
    synchronized void beginChange(Duration limit, String why) {
        await(limit.plus(LEAVE_LIMIT), () -> !changing);
        changing = true;
        if (!await(limit, uses::isEmpty)) {
            cancel(why);
            await(LEAVE_LIMIT, uses::isEmpty);
        }
    }

    /** Begins to change it, if nobody uses or changes it just now. */
    synchronized boolean tryBeginChange() {
        boolean free = !changing && uses.isEmpty();
        changing |= free;
        return free;
    }

    synchronized void endChange() {
        changing = false;
        notifyAll();
    }

    private boolean await(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (long left = limit.toNanos();
                    !condition.getAsBoolean() && left > 0;
                    left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return condition.getAsBoolean();
    }
}
