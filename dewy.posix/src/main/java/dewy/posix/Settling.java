package dewy.posix;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until the processes that are being replaced have accepted what waits at their sockets: it would be reset when
 * they close them.
 */
final class Settling {
    /** A connection whose handshake had begun before the new socket was there still goes to the old one. */
    private static final long HANDSHAKE = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long LONGEST = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private Settling() {}

    /** Returns when nothing waits at any of the sockets; after a few seconds in any case. */
    static void await(Collection<Long> replaced) {
        long start = System.nanoTime();
        // Parking may end early.
        while (System.nanoTime() - start < HANDSHAKE) {
            LockSupport.parkNanos(PAUSE);
        }
        while (isBusy(replaced) && System.nanoTime() - start < LONGEST) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static boolean isBusy(Collection<Long> replaced) {
        ListeningTable table = ListeningTable.ofTcp();
        return replaced.stream().anyMatch(inode -> table.waiting(inode) > 0);
    }
}
