package dewy.posix;

import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A listening socket by its descriptor. */
final class OpenSocket implements ListeningSocket {
    private final ListeningAddress address;
    private final int descriptor;
    private final Runnable beforeClose;
    private boolean closed;

    /**
     * Takes over a descriptor.
     *
     * @param beforeClose what to undo while the socket still exists
     */
    OpenSocket(ListeningAddress address, int descriptor, Runnable beforeClose) {
        this.address = address;
        this.descriptor = descriptor;
        this.beforeClose = beforeClose;
    }

    @Override
    public ListeningAddress address() {
        return address;
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException if this process may not have more descriptors
     */
    @Override
    public synchronized DescriptorLease lease() {
        if (closed) {
            throw new IllegalStateException("the socket on " + address + " was closed");
        }
        try {
            return new Lease(Descriptors.duplicate(descriptor, 3));
        } catch (SystemCallException e) {
            throw new UncheckedIOException(new IOException("Cannot duplicate the socket on " + address, e));
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            beforeClose.run();
            CLibrary.close(descriptor);
        }
    }
}
