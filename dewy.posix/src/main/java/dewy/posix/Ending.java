package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/** Waits for the end of a child and leaves it unreaped, so that its process id stays taken. */
final class Ending {
    private static final int SIGINFO_SIZE = 128;
    private static final int POLLFD_SIZE = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int FOREVER = -1;

    private Ending() {}

    /** Returns when the child has ended, or is nobody's any more. */
    static void await(int pid, boolean pidfds) {
        if (!pidfds || !awaitByDescriptor(pid)) {
            awaitById(pid);
        }
    }

    /** Returns whether that worked. */
    private static boolean awaitByDescriptor(int pid) {
        int pidfd = (int) CLibrary.syscall(Constants.SYS_PIDFD_OPEN, pid, 0);
        if (pidfd < 0) {
            return false;
        }
        try (Memory pollfd = new Memory(POLLFD_SIZE)) {
            pollfd.clear();
            pollfd.setInt(0, pidfd);
            pollfd.setShort(POLLFD_EVENTS, (short) Constants.POLLIN);
            int ready = CLibrary.poll(pollfd, 1, FOREVER);
            while (ready < 0 && lastError() == Errno.EINTR) {
                ready = CLibrary.poll(pollfd, 1, FOREVER);
            }
            return ready > 0;
        } finally {
            CLibrary.close(pidfd);
        }
    }

    private static void awaitById(int pid) {
        int options = Constants.WEXITED | Constants.WNOWAIT;
        try (Memory info = new Memory(SIGINFO_SIZE)) {
            int result = CLibrary.waitid(Constants.P_PID, pid, info, options);
            while (result < 0 && lastError() == Errno.EINTR) {
                result = CLibrary.waitid(Constants.P_PID, pid, info, options);
            }
        }
    }

    private static Errno lastError() {
        return Errno.of(Native.getLastError());
    }
}
