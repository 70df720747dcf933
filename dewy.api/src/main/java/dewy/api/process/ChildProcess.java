package dewy.api.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A process of the agent's, leader of its own process group: a child, or one that an earlier agent started. Safe for use
 * by several threads.
 */
@ProviderType
public interface ChildProcess extends Inheritable {
    long pid();

    /** Returns whether it has not ended yet. */
    boolean isAlive();

    /**
     * Lets a process that was started {@linkplain Spawn#held held} begin with its program; does nothing to any other, nor
     * when it was done before.
     */
    void proceed();

    /**
     * Returns what completes, on a thread of the agent's own, when the process has ended and was reaped. How one ended
     * that an earlier agent started is {@linkplain ExitStatus#UNKNOWN not known}.
     */
    CompletableFuture<ExitStatus> exit();

    /** Sends a signal to the process; does nothing when it has ended, so a reused pid is never signalled. */
    void signal(Signal signal);

    /**
     * Sends a signal to its process group, which may outlive it. Does nothing when no member of the group is left.
     */
    void signalGroup(Signal signal);

    /** Returns whether any member of its process group is left. */
    boolean isGroupAlive();

    /**
     * Finds the descendants of its process group that are in another one; none when no member of the group is left, since
     * nothing tells then whose they were, nor where the system has no {@code /proc} and descriptors of processes.
     */
    Escaped escaped();

    /** Tells its process group to stop, and what has left that, and kills both at the limit. */
    @Override
    default void end(Duration limit) {
        try (Escaped escaped = escaped()) {
            signalGroup(Signal.TERM);
            escaped.signal(Signal.TERM);
            try {
                exit().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException | ExecutionException e) {
                // It is killed.
            }
            signalGroup(Signal.KILL);
            escaped.signal(Signal.KILL);
        }
    }

    /** Does nothing: a process does not depend on the one that started it. */
    @Override
    default void letGo() {}
}
