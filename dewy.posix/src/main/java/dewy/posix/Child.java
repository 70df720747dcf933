package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dewy.api.process.ChildProcess;
import dewy.api.process.Escaped;
import dewy.api.process.ExitStatus;
import dewy.api.process.Signal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process. A thread of its own waits for its end without reaping it; reaping and signalling share a lock, so that
 * no signal is ever sent to a process id that was given to somebody else meanwhile.
 */
final class Child implements ChildProcess {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    private static final int UNKNOWN_EXIT = 255;
    private static final int NO_SIGNAL = 0;
    private static final int SIGINFO_SIZE = 128;

    private final int pid;
    private final boolean pidfds;
    private final Optional<Gate> gate;
    private final String reference;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private boolean reaped;
    private boolean groupEmpty;

    Child(int pid, boolean pidfds, Optional<Gate> gate) {
        this.pid = pid;
        this.pidfds = pidfds;
        this.gate = gate;
        // It can be read as long as nobody reaps the child.
        this.reference = ProcessReference.of(pid).toString();
    }

    /** Begins to wait for the end. A child that cannot be watched is ended, because nobody would ever reap it. */
    void watch(ThreadFactory threads) throws SystemCallException {
        try {
            Thread watcher = threads.newThread(this::awaitEnd);
            watcher.setName("dewy-child-" + pid);
            watcher.start();
        } catch (OutOfMemoryError e) {
            signalGroup(Signal.KILL);
            awaitEnd();
            throw SystemCallException.of("create a thread", Errno.EAGAIN);
        }
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public String reference() {
        return reference;
    }

    @Override
    public synchronized boolean isAlive() {
        return !reaped;
    }

    @Override
    public void proceed() {
        gate.ifPresent(Gate::open);
    }

    @Override
    public CompletableFuture<ExitStatus> exit() {
        return exit.copy();
    }

    @Override
    public synchronized void signal(Signal signal) {
        if (!reaped) {
            CLibrary.kill(pid, Constants.number(signal));
        }
    }

    @Override
    public synchronized void signalGroup(Signal signal) {
        sendToGroup(Constants.number(signal));
    }

    @Override
    public synchronized boolean isGroupAlive() {
        return sendToGroup(NO_SIGNAL);
    }

    @Override
    public synchronized Escaped escaped() {
        return EscapedProcesses.of(pid, () -> sendToGroup(NO_SIGNAL));
    }

    /**
     * Returns whether a member of the group is left. While one is, the system gives the number of the group to no other
     * process; once none was found after the leader, nothing is ever sent to that number again.
     */
    private boolean sendToGroup(int number) {
        if (reaped && !groupEmpty) {
            reapAdopted();
        }
        if (!groupEmpty && CLibrary.kill(-pid, number) != 0 && reaped) {
            // Another failure than this one says that there are members, which belong to somebody else.
            groupEmpty = Errno.of(Native.getLastError()) == Errno.ESRCH;
        }
        return !groupEmpty;
    }

    /** Where this process is the first one of a container, orphans of the group fall to it, and end as zombies. */
    private void reapAdopted() {
        int[] status = new int[1];
        while (CLibrary.waitpid(-pid, status, Constants.WNOHANG) > 0) {
            status[0] = 0;
        }
    }

    private void awaitEnd() {
        if (!pidfds || !awaitByDescriptor()) {
            awaitById();
        }
        gate.ifPresent(Gate::close);
        exit.complete(reap());
    }

    /** Returns whether that worked; either way the child has not been reaped, so its process id stays taken. */
    private boolean awaitByDescriptor() {
        try (ProcessDescriptor process = ProcessDescriptor.open(pid)) {
            return process.awaitEnd();
        } catch (SystemCallException e) {
            return false;
        }
    }

    private void awaitById() {
        int options = Constants.WEXITED | Constants.WNOWAIT;
        try (Memory info = new Memory(SIGINFO_SIZE)) {
            int result = CLibrary.waitid(Constants.P_PID, pid, info, options);
            while (result < 0 && Errno.of(Native.getLastError()) == Errno.EINTR) {
                result = CLibrary.waitid(Constants.P_PID, pid, info, options);
            }
        }
    }

    private synchronized ExitStatus reap() {
        int[] status = new int[1];
        int found = CLibrary.waitpid(pid, status, 0);
        reaped = true;
        sendToGroup(NO_SIGNAL);
        if (found != pid) {
            LOG.warn("Process {} ended, and somebody else took its exit code: {} stands for it", pid, UNKNOWN_EXIT);
            return ExitStatus.exited(UNKNOWN_EXIT);
        }
        int signal = status[0] & 0x7f;
        return signal == 0 ? ExitStatus.exited(status[0] >> 8 & 0xff) : ExitStatus.killed(signal);
    }
}
