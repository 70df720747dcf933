package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import dewy.api.process.Signal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A child process. A thread of its own waits for its end without reaping it; reaping and signalling share a lock, so that
 * no signal is ever sent to a process id that was given to somebody else meanwhile.
 */
final class Child implements ChildProcess {
    private static final int SIGINFO_SIZE = 128;
    private static final int STACK = 128 << 10;
    private static final Map<Signal, Integer> NUMBERS = Map.of(
            Signal.HUP, 1,
            Signal.INT, 2,
            Signal.QUIT, 3,
            Signal.KILL, 9,
            Signal.USR1, 10,
            Signal.USR2, 12,
            Signal.TERM, 15);

    private final int pid;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private boolean reaped;
    private boolean groupGone;

    Child(int pid) {
        this.pid = pid;
    }

    void watch() {
        Thread watcher = new Thread(null, this::awaitEnd, "dewy-child-" + pid, STACK);
        watcher.setDaemon(true);
        watcher.start();
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public synchronized boolean isAlive() {
        return !reaped;
    }

    @Override
    public CompletableFuture<ExitStatus> exit() {
        return exit.copy();
    }

    @Override
    public synchronized void signal(Signal signal) {
        if (!reaped) {
            CLibrary.kill(pid, number(signal));
        }
    }

    @Override
    public synchronized void signalGroup(Signal signal) {
        sendToGroup(number(signal));
    }

    @Override
    public synchronized boolean isGroupAlive() {
        return sendToGroup(0);
    }

    /** While a member is left, the system gives the number of its group to no other process. */
    private boolean sendToGroup(int number) {
        if (!groupGone && CLibrary.kill(-pid, number) != 0 && reaped) {
            groupGone = Native.getLastError() == Constants.ESRCH;
        }
        return !groupGone;
    }

    private void awaitEnd() {
        int pidfd = (int) CLibrary.syscall(Constants.SYS_PIDFD_OPEN, pid, 0);
        int idType = pidfd >= 0 ? Constants.P_PIDFD : Constants.P_PID;
        try (Memory info = new Memory(SIGINFO_SIZE)) {
            int options = Constants.WEXITED | Constants.WNOWAIT;
            while (CLibrary.waitid(idType, pidfd >= 0 ? pidfd : pid, info, options) != 0) {
                if (Native.getLastError() != Constants.EINTR) {
                    break;
                }
            }
        }
        if (pidfd >= 0) {
            CLibrary.close(pidfd);
        }
        exit.complete(reap());
    }

    private synchronized ExitStatus reap() {
        IntByReference status = new IntByReference();
        CLibrary.waitpid(pid, status, 0);
        reaped = true;
        sendToGroup(0);
        int value = status.getValue();
        int signal = value & 0x7f;
        return signal == 0 ? ExitStatus.exited(value >> 8 & 0xff) : ExitStatus.killed(signal);
    }

    private static int number(Signal signal) {
        return NUMBERS.getOrDefault(signal, 0);
    }
}
