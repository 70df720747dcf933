package dewy.posix;

import com.sun.jna.Native;
import dewy.api.Problem;
import dewy.api.StorageException;
import java.util.EnumSet;
import java.util.Set;

/** A system call failed; whoever knows what it was for turns this into a failure that people understand. */
final class SystemCallException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final Set<Errno> LACK_OF_ROOM =
            EnumSet.of(Errno.EAGAIN, Errno.ENOMEM, Errno.ENFILE, Errno.EMFILE, Errno.ENOBUFS);

    private final String reason;
    private final Errno errno;

    SystemCallException(String call, int number) {
        super(call + ": " + CLibrary.strerror(number));
        this.reason = CLibrary.strerror(number);
        this.errno = Errno.of(number);
    }

    static SystemCallException of(String call, Errno errno) {
        return new SystemCallException(call, errno.number());
    }

    /** Returns the result of a call that reports failure as -1 and an error number beside it. */
    static int check(String call, int result) throws SystemCallException {
        if (result == -1) {
            throw new SystemCallException(call, Native.getLastError());
        }
        return result;
    }

    /** Passes if a call that returns its error number returned none. */
    static void checkNumber(String call, int number) throws SystemCallException {
        if (number != 0) {
            throw new SystemCallException(call, number);
        }
    }

    Errno errno() {
        return errno;
    }

    /** Returns the system's own words for the error. */
    String reason() {
        return reason;
    }

    /** Returns whether the host lacks room, so that the request itself may be right. */
    boolean isForLackOfRoom() {
        return LACK_OF_ROOM.contains(errno);
    }

    StorageException lackOfRoom(String tried, Object on) {
        return new StorageException(
                Problem.of(
                        tried,
                        on,
                        "this host has no room left (" + reason + ")",
                        "Raise the limits on open files and processes (LimitNOFILE, TasksMax), or free memory"),
                this);
    }
}
