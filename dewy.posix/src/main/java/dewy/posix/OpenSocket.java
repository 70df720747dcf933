package dewy.posix;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/** A listening socket by its descriptor, beside which this process may have others of the same socket. */
final class OpenSocket implements ListeningSocket {
    private final SocketReference reference;
    private final int descriptor;
    private final boolean substitute;
    private final Runnable beforeClose;
    private Optional<DescriptorStore> keeper = Optional.empty();
    private boolean closed;

    private OpenSocket(ListeningAddress address, int descriptor, boolean substitute, Runnable beforeClose) {
        this.reference = SocketReference.of(address, descriptor);
        this.descriptor = descriptor;
        this.substitute = substitute;
        this.beforeClose = beforeClose;
        SocketHandles.add(this);
    }

    /**
     * Takes over a descriptor.
     *
     * @param beforeClose what to undo while the socket still exists, once nothing else of this process has it
     */
    static OpenSocket of(ListeningAddress address, int descriptor, Runnable beforeClose) {
        return new OpenSocket(address, descriptor, false, beforeClose);
    }

    /** Takes over a descriptor that stands in for the one of a process that survived an earlier agent. */
    static OpenSocket substitute(ListeningAddress address, int descriptor, Runnable beforeClose) {
        return new OpenSocket(address, descriptor, true, beforeClose);
    }

    /** Leaves a duplicate with the service manager, until this is closed. */
    synchronized OpenSocket keptBy(DescriptorStore store) {
        if (!closed) {
            store.keep(reference, descriptor);
            keeper = Optional.of(store);
        }
        return this;
    }

    /** Does something with the descriptor, and nothing if the socket was closed; returns whether it was open. */
    synchronized boolean use(IntConsumer what) {
        if (!closed) {
            what.accept(descriptor);
        }
        return !closed;
    }

    long inode() {
        return reference.inode();
    }

    @Override
    public ListeningAddress address() {
        return reference.address();
    }

    @Override
    public String reference() {
        return reference.toString();
    }

    @Override
    public boolean isSubstitute() {
        return substitute;
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException if this process may not have more descriptors
     */
    @Override
    public synchronized DescriptorLease lease() {
        if (closed) {
            throw new IllegalStateException("the socket on " + address() + " was closed");
        }
        try {
            return new Lease(Descriptors.duplicate(descriptor, 3));
        } catch (SystemCallException e) {
            throw new UncheckedIOException(new IOException("Cannot duplicate the socket on " + address(), e));
        }
    }

    @Override
    public synchronized OpenSocket duplicate() throws StorageException {
        if (closed) {
            throw new IllegalStateException("the socket on " + address() + " was closed");
        }
        try {
            int own = Descriptors.duplicate(descriptor, 3);
            OpenSocket other = new OpenSocket(address(), own, substitute, beforeClose);
            other.keeper = keeper;
            return other;
        } catch (SystemCallException e) {
            throw e.lackOfRoom("duplicate the socket on", address());
        }
    }

    @Override
    public synchronized void passTo(Path socket, String name) throws DewyException {
        if (closed) {
            throw new IllegalStateException("the socket on " + address() + " was closed");
        }
        try {
            Descriptors.unblock(descriptor);
            new Notification(' ' + name, OptionalInt.of(descriptor)).sendTo(socket);
        } catch (SystemCallException e) {
            throw new UnreachableException(
                    Problem.of(
                            "pass the socket on " + address() + " to whoever listens at",
                            socket,
                            e.reason(),
                            "Check that the process that is to have it runs"),
                    e);
        }
    }

    private OpenSocket left() {
        OpenSocket left = new OpenSocket(address(), descriptor, false, beforeClose);
        left.keeper = keeper;
        return left;
    }

    /** Has whoever accepts from it wait for connections, as from one that was never {@linkplain #passTo passed}. */
    synchronized OpenSocket blocking() throws DewyException {
        try {
            Descriptors.block(descriptor);
            return this;
        } catch (SystemCallException e) {
            throw e.lackOfRoom("listen on", address());
        }
    }

    /** Lets go of the descriptor as if it had never been had: others may use the socket still. */
    synchronized void abandon() {
        if (!closed) {
            closed = true;
            boolean unused = SocketHandles.remove(this);
            CLibrary.close(descriptor);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            boolean last = SocketHandles.remove(this);
            if (last && SocketsBetween.areWanted()) {
                SocketsBetween.put(left());
                return;
            }
            if (last) {
                keeper.ifPresent(store -> store.forget(reference));
                beforeClose.run();
            }
            CLibrary.close(descriptor);
        }
    }
}
