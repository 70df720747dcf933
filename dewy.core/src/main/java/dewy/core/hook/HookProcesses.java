package dewy.core.hook;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import dewy.api.process.Signal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes of a hook: its shell, and what that started in the same process group. A hook has ended when its shell
 * has; none of the group outlives it for long. For one thread.
 */
final class HookProcesses implements AutoCloseable {
    /** How often the output is looked at: the less it can grow in between the better. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** What a daemon needs to leave the process group once the command that started it has returned. */
    private static final Duration LEAVE = Duration.ofSeconds(1);

    /** Between SIGTERM and SIGKILL; an agent that is being stopped waits for it. */
    static final Duration END = Duration.ofSeconds(2);

    private final ChildProcess shell;
    private final Runnable meanwhile;

    /**
     * Takes charge of the processes.
     *
     * @param meanwhile what is to be done again and again while any of them is waited for
     */
    HookProcesses(ChildProcess shell, Runnable meanwhile) {
        this.shell = shell;
        this.meanwhile = meanwhile;
    }

    /** Returns how the shell ended; empty when it has not within that time. */
    Optional<ExitStatus> await(Call call, Duration limit) throws DewyException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (long left = limit.toNanos(); left > 0; left = deadline - System.nanoTime()) {
                call.check();
                Optional<ExitStatus> status = exit(Math.min(left, LOOK.toNanos()));
                if (status.isPresent()) {
                    awaitNoneLeft(LEAVE);
                    return status;
                }
                meanwhile.run();
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(new Problem("wait for a hook", "", "it was interrupted", ""), e);
        }
    }

    private Optional<ExitStatus> exit(long nanos) throws InterruptedException {
        try {
            return Optional.of(shell.exit().get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the exit of a process cannot fail", e);
        }
    }

    /** Ends what is left: with SIGTERM, and with SIGKILL what does not heed it. */
    @Override
    public void close() {
        if (!shell.isGroupAlive()) {
            return;
        }
        shell.signalGroup(Signal.TERM);
        try {
            awaitNoneLeft(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        shell.signalGroup(Signal.KILL);
    }

    private void awaitNoneLeft(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (shell.isGroupAlive() && System.nanoTime() < deadline) {
            meanwhile.run();
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos() / 5);
        }
    }
}
