package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dewy.api.process.Signal;
import java.util.Optional;

/** A process by a descriptor (pidfd), which never comes to mean another one. Safe for use by several threads. */
final class ProcessDescriptor implements AutoCloseable {
    private static final int POLLFD_SIZE = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int FOREVER = -1;
    private static final int NO_FLAGS = 0;
    private static final int NO_INFO = 0;

    private final Lease lease;

    private ProcessDescriptor(int descriptor) {
        this.lease = new Lease(descriptor);
    }

    /** Opens the process that has a number now. */
    static ProcessDescriptor open(int pid) throws SystemCallException {
        long descriptor = CLibrary.syscall(Constants.SYS_PIDFD_OPEN, pid, NO_FLAGS, 0, 0);
        return new ProcessDescriptor(SystemCallException.check("pidfd_open", (int) descriptor));
    }

    /** Returns when the process has ended; false if that cannot be told. */
    boolean awaitEnd() {
        return poll(FOREVER);
    }

    /** Returns whether the process has ended, reaped or not. */
    boolean hasEnded() {
        return poll(0);
    }

    void send(Signal signal) {
        CLibrary.syscall(
                Constants.SYS_PIDFD_SEND_SIGNAL, lease.descriptor(), Constants.number(signal), NO_INFO, NO_FLAGS);
    }

    /**
     * Sends a signal, or none if that is 0, to the process group that the process leads or led.
     *
     * @return the error, if there was one; EINVAL before Linux 6.9
     */
    Optional<Errno> sendToGroup(int signal) {
        long result = CLibrary.syscall(
                Constants.SYS_PIDFD_SEND_SIGNAL,
                lease.descriptor(),
                signal,
                NO_INFO,
                Constants.PIDFD_SIGNAL_PROCESS_GROUP);
        return result == 0 ? Optional.empty() : Optional.of(Errno.of(Native.getLastError()));
    }

    /** Returns a duplicate of a descriptor of the process; it is closed on exec. */
    int duplicate(int descriptor) throws SystemCallException {
        return SystemCallException.check("pidfd_getfd", (int)
                CLibrary.syscall(Constants.SYS_PIDFD_GETFD, lease.descriptor(), descriptor, NO_FLAGS, 0));
    }

    @Override
    public void close() {
        lease.close();
    }

    private boolean poll(int timeout) {
        try (Memory pollfd = new Memory(POLLFD_SIZE)) {
            pollfd.clear();
            pollfd.setInt(0, lease.descriptor());
            pollfd.setShort(POLLFD_EVENTS, (short) Constants.POLLIN);
            int ready = CLibrary.poll(pollfd, 1, timeout);
            while (ready < 0 && Errno.of(Native.getLastError()) == Errno.EINTR) {
                ready = CLibrary.poll(pollfd, 1, timeout);
            }
            return ready > 0;
        }
    }
}
