package dewy.runtime.process;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.ListeningSockets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The listening sockets of an app. They are opened when they are first needed, and stay open from generation to
 * generation. Safe for use by several threads.
 */
final class Ports implements AutoCloseable {
    /**
     * A socket and what it was opened for.
     *
     * @param wanted the address asked for, with port 0 for any free one
     * @param socket the socket
     */
    record Port(ListeningAddress wanted, ListeningSocket socket) {}

    private final ListeningSockets service;
    private final List<ListeningAddress> wanted;
    private List<Port> open;
    private boolean closed;

    /** Goes on with the sockets of {@code inherited} that are still wanted, and closes the others. */
    Ports(ListeningSockets service, List<ListeningAddress> wanted, List<Port> inherited) {
        this.service = service;
        this.wanted = wanted;
        List<Port> unmatched = new ArrayList<>(inherited);
        this.open = new ArrayList<>();
        for (ListeningAddress address : wanted) {
            take(unmatched, address).ifPresent(open::add);
        }
        unmatched.forEach(port -> port.socket().close());
    }

    /** Opens those that are not open yet. When one cannot be opened, none is left open that was not open before. */
    synchronized void open() throws DewyException {
        if (closed) {
            throw new CancelledException(new Problem("open the ports", "", "the app is no longer run here", ""));
        }
        open = openAll();
    }

    /** Leases all sockets in the order wanted, after {@link #open opening} them. */
    synchronized InheritedSockets lease(boolean firstAsStandardInput) throws DewyException {
        open();
        return InheritedSockets.of(open.stream().map(Port::socket).toList(), firstAsStandardInput);
    }

    /** Returns what is open. */
    synchronized List<Port> opened() {
        return List.copyOf(open);
    }

    /** Returns where it listens of what was found when any free port was asked for. */
    synchronized List<ListeningAddress> found() {
        return open.stream()
                .filter(port -> !port.wanted().isUnix() && port.wanted().port() == 0)
                .map(port -> port.socket().address())
                .toList();
    }

    /** Forgets the sockets, which belong to somebody else now. */
    synchronized void release() {
        open = List.of();
        closed = true;
    }

    /** Closes the sockets for good. */
    @Override
    public synchronized void close() {
        open.forEach(port -> port.socket().close());
        release();
    }

    private List<Port> openAll() throws DewyException {
        List<Port> opened = new ArrayList<>();
        List<Port> known = new ArrayList<>(open);
        List<Port> all = new ArrayList<>();
        boolean complete = false;
        try {
            for (ListeningAddress address : wanted) {
                Optional<Port> kept = take(known, address);
                if (kept.isEmpty()) {
                    opened.add(new Port(address, service.listen(address)));
                }
                all.add(kept.orElseGet(() -> opened.get(opened.size() - 1)));
            }
            complete = true;
            return all;
        } finally {
            if (!complete) {
                opened.forEach(port -> port.socket().close());
            }
        }
    }

    private static Optional<Port> take(List<Port> from, ListeningAddress wanted) {
        Optional<Port> found =
                from.stream().filter(port -> port.wanted().equals(wanted)).findFirst();
        found.ifPresent(from::remove);
        return found;
    }
}
