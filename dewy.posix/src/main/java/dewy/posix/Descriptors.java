package dewy.posix;

import java.io.File;
import java.util.Arrays;

/** The descriptors of this process. */
final class Descriptors {
    private Descriptors() {}

    /** Returns a duplicate whose number is {@code lowest} or more; it is closed on exec. */
    static int duplicate(int descriptor, int lowest) throws SystemCallException {
        if (Constants.MACOS) {
            return duplicateByTrial(descriptor, lowest);
        }
        return SystemCallException.check("fcntl", CLibrary.fcntl(descriptor, Constants.F_DUPFD_CLOEXEC, lowest));
    }

    /** Has whoever uses it, or a duplicate, not wait where there is nothing. */
    static void unblock(int descriptor) throws SystemCallException {
        int flags = SystemCallException.check("fcntl", CLibrary.fcntl(descriptor, Constants.F_GETFL, 0));
        SystemCallException.check("fcntl", CLibrary.fcntl(descriptor, Constants.F_SETFL, flags | Constants.O_NONBLOCK));
    }

    /** Has whoever uses it wait again where there is nothing. */
    static void block(int descriptor) throws SystemCallException {
        int flags = SystemCallException.check("fcntl", CLibrary.fcntl(descriptor, Constants.F_GETFL, 0));
        SystemCallException.check(
                "fcntl", CLibrary.fcntl(descriptor, Constants.F_SETFL, flags & ~Constants.O_NONBLOCK));
    }

    /** Returns the highest number in use; the highest possible one where the system does not tell. */
    static int highestOpen() {
        String[] numbers = new File("/proc/self/fd").list();
        return numbers == null
                ? Integer.MAX_VALUE >> 1
                : Arrays.stream(numbers).mapToInt(Integer::parseInt).max().orElse(0);
    }

    /** Takes number after number until one is high enough, and gives the others back. */
    static int duplicateByTrial(int descriptor, int lowest) throws SystemCallException {
        int duplicate = SystemCallException.check("dup", CLibrary.dup(descriptor));
        if (duplicate >= lowest) {
            return duplicate;
        }
        try {
            return duplicateByTrial(descriptor, lowest);
        } finally {
            CLibrary.close(duplicate);
        }
    }
}
