package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/** Waits for the end of a child and leaves it unreaped, so that its process id stays taken. */
final class Ending {
    private static final int SIGINFO_SIZE = 128;

    private Ending() {}

    /** Returns when the child has ended, or is nobody's any more. */
    static void await(int pid, boolean pidfds) {
        if (!pidfds || !awaitByDescriptor(pid)) {
            awaitById(pid);
        }
    }

    /** Returns whether that worked. */
    private static boolean awaitByDescriptor(int pid) {
        try (ProcessDescriptor process = ProcessDescriptor.open(pid)) {
            return process.awaitEnd();
        } catch (SystemCallException e) {
            return false;
        }
    }

    private static void awaitById(int pid) {
        int options = Constants.WEXITED | Constants.WNOWAIT;
        try (Memory info = new Memory(SIGINFO_SIZE)) {
            int result = CLibrary.waitid(Constants.P_PID, pid, info, options);
            while (result < 0 && Errno.of(Native.getLastError()) == Errno.EINTR) {
                result = CLibrary.waitid(Constants.P_PID, pid, info, options);
            }
        }
    }
}
