package dewy.api;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What accompanies every operation that may take time: until when it may take, whether anybody still wants it, where
 * progress is told, and by which ids its traces are found.
 *
 * <p>Instances are safe for use by several threads. Time is measured on a monotonic clock, so that a jump of the wall
 * clock neither ends a call nor prolongs it.
 */
@ProviderType
public interface Call {
    /** Returns the id under which this call appears in traces and logs. */
    String traceId();

    /** Returns the id of the deployment this call is part of, if it is part of one. */
    Optional<String> deployId();

    /** Returns the time left, never negative. A client passes it on as its own time-out. */
    Duration remaining();

    /** Returns whether the call was cancelled or its deadline has passed. */
    boolean isOver();

    /**
     * Returns normally as long as the call is wanted. Loops ask between two steps.
     *
     * @throws CancelledException if the call was cancelled
     * @throws ExpiredException if its deadline has passed
     */
    void check() throws CancelledException, ExpiredException;

    /**
     * Has {@code close} run once when the call is cancelled or its deadline passes; at once if that has happened. It
     * must free whatever blocks (close the socket, the file, the client), because an interrupt does not, and must
     * itself neither block nor throw. Take it back when the work is done.
     */
    Registration onCancel(Runnable close);

    /**
     * Waits that long. When its thread is interrupted, it waits no longer, and the thread is left so.
     *
     * @throws CancelledException if the call was cancelled, before or meanwhile
     * @throws ExpiredException if its deadline has passed, before or meanwhile
     */
    default void pause(Duration time) throws CancelledException, ExpiredException {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration waking = onCancel(over::countDown)) {
            boolean unused = over.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        check();
    }

    /**
     * Tells how far a long piece of work has come.
     *
     * @param what a short noun, such as {@code download}
     * @param done how much is done so far, in bytes where it is about a file
     * @param total how much it is in all, or a negative number when that is not known
     */
    void progress(String what, long done, long total);
}
