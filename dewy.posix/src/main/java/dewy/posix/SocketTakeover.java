package dewy.posix;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds a listening socket of an earlier agent.
 *
 * @param ways which ways to go
 * @param kept what a service manager kept
 * @param holders who else may have it
 */
record SocketTakeover(Set<TakeoverWay> ways, KeptSockets kept, SocketHolders holders) {
    /** Returns the socket of a reference, or nothing if nobody has it any more. */
    Optional<OpenSocket> find(SocketReference socket) throws DewyException {
        Optional<OpenSocket> known = SocketHandles.find(socket.inode());
        if (known.isPresent()) { // Of another app, with which this one shares it.
            return Optional.of(known.get().duplicate());
        }
        Optional<OpenSocket> found = findFirst(socket);
        found.ifPresent(one -> SocketHandles.found(socket.inode(), one));
        return found;
    }

    private Optional<OpenSocket> findFirst(SocketReference socket) throws DewyException {
        try {
            OptionalInt same = same(socket);
            if (same.isPresent()) {
                return Optional.of(opened(socket.address(), same.getAsInt()));
            }
        } catch (SystemCallException e) {
            throw e.lackOfRoom("take over the socket on", socket.address());
        }
        if (!listening(socket.address()).has(socket.inode())) {
            return Optional.empty();
        }
        if (!ways.contains(TakeoverWay.REUSEPORT)) {
            throw new InvalidException(Problem.of(
                    "take over the socket on",
                    socket.address(),
                    "nobody lets it go",
                    "Stop the process that listens there (ss -lntxp names it)"));
        }
        return Optional.of(beside(socket.address()));
    }

    static ListeningTable listening(ListeningAddress address) {
        return address.isUnix() ? ListeningTable.ofUnix() : ListeningTable.ofTcp();
    }

    private OptionalInt same(SocketReference socket) throws SystemCallException {
        OptionalInt stored = ways.contains(TakeoverWay.STORE) ? kept.take(socket) : OptionalInt.empty();
        if (stored.isPresent() || !ways.contains(TakeoverWay.PIDFD)) {
            return stored;
        }
        return listening(socket.address()).has(socket.inode()) ? holders.duplicate(socket.inode()) : stored;
    }

    private static OpenSocket opened(ListeningAddress address, int descriptor) {
        Optional<SocketFile> file = address.isUnix() ? SocketFile.at(Path.of(address.host())) : Optional.empty();
        return OpenSocket.of(address, descriptor, () -> file.ifPresent(SocketFile::remove));
    }

    private static OpenSocket beside(ListeningAddress address) throws DewyException {
        if (address.isUnix()) {
            return UnixListener.openInPlace(address);
        }
        OpenSocket socket = TcpListener.openBeside(address);
        Steering.begin(socket);
        return socket;
    }
}
