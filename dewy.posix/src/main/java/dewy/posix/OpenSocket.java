package dewy.posix;

import com.sun.jna.Native;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;

/** A listening socket by its descriptor. */
final class OpenSocket implements ListeningSocket {
    private final ListeningAddress address;
    private final int descriptor;
    private final Runnable afterClose;
    private boolean closed;

    OpenSocket(ListeningAddress address, int descriptor, Runnable afterClose) {
        this.address = address;
        this.descriptor = descriptor;
        this.afterClose = afterClose;
    }

    @Override
    public ListeningAddress address() {
        return address;
    }

    @Override
    public synchronized DescriptorLease lease() {
        if (closed) {
            throw new IllegalStateException("the socket on " + address + " was closed");
        }
        int duplicate = CLibrary.fcntl(descriptor, Constants.F_DUPFD_CLOEXEC, 3);
        if (duplicate < 0) {
            throw new IllegalStateException(
                    "cannot duplicate the socket on " + address + ": " + CLibrary.strerror(Native.getLastError()));
        }
        return new Lease(duplicate);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            CLibrary.close(descriptor);
            afterClose.run();
        }
    }
}
