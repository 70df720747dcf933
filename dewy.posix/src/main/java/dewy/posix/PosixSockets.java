package dewy.posix;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.ListeningSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;

/**
 * Opens listening sockets. SO_REUSEPORT can only be set before the first bind, and a later agent may need it to take
 * over, so it always is; since it also switches off the guard against a second listener, that is looked for first.
 */
@Component
public final class PosixSockets implements ListeningSockets {
    private static final int BACKLOG = 4096;

    @Override
    public ListeningSocket listen(ListeningAddress address) throws DewyException {
        CLibrary.require();
        return address.isUnix() ? listenUnix(address) : listenInternet(address);
    }

    private static ListeningSocket listenInternet(ListeningAddress address) throws InvalidException {
        InetAddress host = SocketAddresses.host(address);
        int probe = CLibrary.socket(SocketAddresses.family(host), Constants.SOCK_STREAM, 0);
        if (probe < 0
                && Native.getLastError() == Constants.EAFNOSUPPORT
                && address.host().isEmpty()) {
            return listenInternet(new ListeningAddress("0.0.0.0", address.port()));
        }
        CLibrary.close(probe);
        if (address.port() != 0) {
            CLibrary.close(bound(address, host, false));
        }
        int descriptor = bound(address, host, true);
        if (CLibrary.listen(descriptor, BACKLOG) != 0) {
            throw failed(address, descriptor);
        }
        return new OpenSocket(new ListeningAddress(address.host(), boundPort(descriptor)), descriptor, () -> {});
    }

    private static int bound(ListeningAddress address, InetAddress host, boolean reusePort) throws InvalidException {
        int descriptor = socket(address, SocketAddresses.family(host));
        set(descriptor, Constants.SOL_SOCKET, Constants.SO_REUSEADDR, 1);
        if (reusePort) {
            set(descriptor, Constants.SOL_SOCKET, Constants.SO_REUSEPORT, 1);
        }
        if (SocketAddresses.family(host) == Constants.AF_INET6) {
            set(
                    descriptor,
                    Constants.IPPROTO_IPV6,
                    Constants.IPV6_V6ONLY,
                    address.host().isEmpty() ? 0 : 1);
        }
        byte[] bytes = SocketAddresses.internet(host, address.port());
        if (CLibrary.bind(descriptor, bytes, bytes.length) != 0) {
            throw failed(address, descriptor);
        }
        return descriptor;
    }

    private static ListeningSocket listenUnix(ListeningAddress address) throws InvalidException {
        Path path = Path.of(address.host());
        byte[] bytes = SocketAddresses.unix(address);
        removeStale(address, path, bytes);
        int descriptor = socket(address, Constants.AF_UNIX);
        if (CLibrary.bind(descriptor, bytes, bytes.length) != 0 || CLibrary.listen(descriptor, BACKLOG) != 0) {
            throw failed(address, descriptor);
        }
        Object identity = fileKey(path);
        return new OpenSocket(address, descriptor, () -> removeOwn(path, identity));
    }

    private static void removeStale(ListeningAddress address, Path path, byte[] bytes) throws InvalidException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int descriptor = socket(address, Constants.AF_UNIX);
        int connected = CLibrary.connect(descriptor, bytes, bytes.length);
        CLibrary.close(descriptor);
        if (connected == 0) {
            throw new InvalidException(Problem.of(
                    "listen on", address, "another process listens there", "Stop it, or choose another path"));
        }
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new InvalidException(
                    Problem.of("listen on", address, "there is a file that is no socket", "Choose another path"));
        }
        removeOwn(path, fileKey(path));
    }

    private static void removeOwn(Path path, Object identity) {
        try {
            if (fileKey(path).equals(identity)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // Whoever listens there next replaces it.
        }
    }

    private static Object fileKey(Path path) {
        try {
            return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return "none";
        }
    }

    private static int socket(ListeningAddress address, int family) throws InvalidException {
        int descriptor = CLibrary.socket(family, Constants.SOCK_STREAM | Constants.SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw failed(address, descriptor);
        }
        return descriptor;
    }

    private static void set(int descriptor, int level, int option, int value) {
        CLibrary.setsockopt(descriptor, level, option, new IntByReference(value), Integer.BYTES);
    }

    private static int boundPort(int descriptor) {
        byte[] address = new byte[28];
        CLibrary.getsockname(descriptor, address, new IntByReference(address.length));
        return SocketAddresses.port(address);
    }

    private static InvalidException failed(ListeningAddress address, int descriptor) {
        int error = Native.getLastError();
        if (descriptor >= 0) {
            CLibrary.close(descriptor);
        }
        String advice =
                switch (error) {
                    case Constants.EADDRINUSE -> "Stop the process that listens there, or choose another port";
                    case Constants.EADDRNOTAVAIL -> "Use an address of this host";
                    case Constants.EACCES, Constants.EPERM -> "Ports below 1024 need root or CAP_NET_BIND_SERVICE";
                    default -> "Check the address";
                };
        return new InvalidException(Problem.of("listen on", address, CLibrary.strerror(error), advice));
    }
}
