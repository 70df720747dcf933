package dewy.posix;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.ListeningAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Opens listening unix sockets. What a dead process left under the path is replaced; what is alive, or no socket, stays. */
final class UnixListener {
    /** Held from finding nobody under a path to listening there. */
    private static final Object OPENING = new Object();

    private UnixListener() {}

    static OpenSocket open(ListeningAddress address) throws DewyException {
        byte[] socketAddress = socketAddress(address);
        try {
            synchronized (OPENING) {
                makeWay(address, socketAddress);
                return listen(address, socketAddress);
            }
        } catch (SystemCallException e) {
            throw failure(address, e);
        }
    }

    /** Listens in the place of a process that survived an earlier agent: what connected before waits there. */
    static OpenSocket openInPlace(ListeningAddress address) throws DewyException {
        Path path = path(address);
        ListeningAddress beside = new ListeningAddress(
                path.resolveSibling("."
                                + Long.toHexString(ThreadLocalRandom.current().nextLong()))
                        .toString(),
                0);
        byte[] socketAddress = socketAddress(beside);
        try (RawSocket socket = RawSocket.open(Constants.AF_UNIX)) {
            socket.bind(socketAddress);
            socket.listen();
            SocketFile file = SocketFile.at(path(beside))
                    .orElseThrow(() -> noSocket(address))
                    .replace(path);
            return OpenSocket.substitute(address, socket.release(), file::remove);
        } catch (IOException e) {
            throw new StorageException(Problem.of("listen on", address, e.toString(), "Check who owns its folder"), e);
        } catch (SystemCallException e) {
            throw failure(address, e);
        }
    }

    private static void makeWay(ListeningAddress address, byte[] socketAddress)
            throws InvalidException, SystemCallException {
        Path path = path(address);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        SocketFile file = SocketFile.at(path).orElseThrow(() -> noSocket(address));
        if (isAnswered(socketAddress)) {
            throw invalid(address, "another process listens there", "Stop it, or choose another path");
        }
        file.remove();
    }

    /** Only a refusal says that nobody is there; whoever is too busy to answer, or keeps us out, is alive. */
    private static boolean isAnswered(byte[] socketAddress) throws SystemCallException {
        try (RawSocket socket = RawSocket.open(Constants.AF_UNIX, Constants.SOCK_NONBLOCK)) {
            return isAnswered(socket, socketAddress);
        }
    }

    private static boolean isAnswered(RawSocket socket, byte[] socketAddress) {
        try {
            socket.connect(socketAddress);
            return true;
        } catch (SystemCallException e) {
            return e.errno() != Errno.ECONNREFUSED && e.errno() != Errno.ENOENT;
        }
    }

    private static OpenSocket listen(ListeningAddress address, byte[] socketAddress) throws SystemCallException {
        try (RawSocket socket = RawSocket.open(Constants.AF_UNIX)) {
            socket.bind(socketAddress);
            Optional<SocketFile> file = SocketFile.at(path(address));
            boolean listening = false;
            try {
                socket.listen();
                listening = true;
            } finally {
                if (!listening) {
                    file.ifPresent(SocketFile::remove);
                }
            }
            return OpenSocket.of(address, socket.release(), () -> file.ifPresent(SocketFile::remove));
        }
    }

    private static byte[] socketAddress(ListeningAddress address) throws InvalidException {
        byte[] path = address.host().getBytes(StandardCharsets.UTF_8);
        if (path.length > Constants.LONGEST_SOCKET_PATH) {
            throw invalid(
                    address,
                    "its path has " + path.length + " bytes, the system allows " + Constants.LONGEST_SOCKET_PATH,
                    "Choose a shorter one");
        }
        return SocketAddresses.unix(path);
    }

    private static Path path(ListeningAddress address) {
        return Path.of(address.host());
    }

    private static DewyException failure(ListeningAddress address, SystemCallException e) {
        if (e.isForLackOfRoom()) {
            return e.lackOfRoom("listen on", address);
        }
        return switch (e.errno()) {
            case ENOENT -> invalid(address, "its folder does not exist", "Create it, or choose another path");
            case EACCES, EPERM ->
                invalid(address, "its folder may not be written", "Check who owns it, or choose another path");
            default -> invalid(address, e.reason(), "Choose another path");
        };
    }

    private static InvalidException noSocket(ListeningAddress address) {
        return invalid(address, "there is a file that is no socket", "Choose another path");
    }

    private static InvalidException invalid(ListeningAddress address, String why, String advice) {
        return new InvalidException(Problem.of("listen on", address, why, advice));
    }
}
