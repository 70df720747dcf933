package dewy.posix;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Opens TCP listeners. SO_REUSEPORT can only be set before the first bind, and a later agent may need it to take over, so
 * it always is; since it also switches off the guard against a second listener, that is looked for first.
 */
final class TcpListener {
    /** Held from looking for another listener to being one, lest two apps of this agent share a port unnoticed. */
    private static final Object OPENING = new Object();

    private interface Opening {
        OpenSocket on(ListeningAddress address, InetAddress host) throws SystemCallException;
    }

    private TcpListener() {}

    static OpenSocket open(ListeningAddress address) throws DewyException {
        return open(address, hosts(address));
    }

    static OpenSocket open(ListeningAddress address, List<InetAddress> hosts) throws DewyException {
        return firstOf(address, hosts, TcpListener::openAlone);
    }

    /** Listens beside a process that survived an earlier agent, and whose socket cannot be had. */
    static OpenSocket openBeside(ListeningAddress address) throws DewyException {
        return firstOf(address, hosts(address), (same, host) -> {
            try (RawSocket socket = bound(host, same.port(), same.host().isEmpty(), true)) {
                socket.listen();
                return OpenSocket.substitute(same, socket.release(), () -> {});
            }
        });
    }

    /** Listens on the first of the hosts that this system can listen on. */
    private static OpenSocket firstOf(ListeningAddress address, List<InetAddress> hosts, Opening opening)
            throws DewyException {
        try {
            return opening.on(address, hosts.get(0));
        } catch (SystemCallException e) {
            if (hosts.size() > 1 && isMissing(e.errno())) {
                return firstOf(address, hosts.subList(1, hosts.size()), opening);
            }
            throw failure(address, e);
        }
    }

    private static OpenSocket openAlone(ListeningAddress address, InetAddress host) throws SystemCallException {
        boolean both = address.host().isEmpty();
        synchronized (OPENING) {
            if (address.port() != 0) {
                bound(host, address.port(), both, false).close();
            }
            try (RawSocket socket = bound(host, address.port(), both, true)) {
                socket.listen();
                ListeningAddress found = new ListeningAddress(address.host(), socket.port());
                return OpenSocket.of(found, socket.release(), () -> {});
            }
        }
    }

    private static RawSocket bound(InetAddress host, int port, boolean both, boolean reusePort)
            throws SystemCallException {
        RawSocket socket = RawSocket.open(SocketAddresses.family(host));
        boolean done = false;
        try {
            socket.set(Constants.SOL_SOCKET, Constants.SO_REUSEADDR, 1);
            socket.set(Constants.SOL_SOCKET, Constants.SO_REUSEPORT, reusePort ? 1 : 0);
            if (host instanceof Inet6Address) {
                socket.set(Constants.IPPROTO_IPV6, Constants.IPV6_V6ONLY, both ? 0 : 1);
            }
            socket.bind(SocketAddresses.internet(host, port));
            done = true;
            return socket;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    /** Where no host is named, all IPv6 and IPv4 addresses; those of IPv4 where there is no IPv6. */
    private static List<InetAddress> hosts(ListeningAddress address) throws InvalidException {
        try {
            if (address.host().isEmpty()) {
                return List.of(Inet6Address.getByAddress(null, new byte[16], 0), InetAddress.getByAddress(new byte[4]));
            }
            return List.of(InetAddress.getByName(address.host()));
        } catch (UnknownHostException e) {
            throw new InvalidException(
                    Problem.of(
                            "listen on", address, "there is no host of that name", "Check the part before the colon"),
                    e);
        }
    }

    private static boolean isMissing(Errno errno) {
        return errno == Errno.EAFNOSUPPORT || errno == Errno.EADDRNOTAVAIL;
    }

    private static DewyException failure(ListeningAddress address, SystemCallException e) {
        if (e.isForLackOfRoom()) {
            return e.lackOfRoom("listen on", address);
        }
        String host = address.host().isEmpty() ? "all addresses" : address.host();
        return switch (e.errno()) {
            case EADDRINUSE ->
                invalid(
                        address,
                        "port " + address.port() + " on " + host + " is in use",
                        "Stop the process that listens there (ss -ltnp names it), or choose another port",
                        e);
            case EADDRNOTAVAIL, EAFNOSUPPORT ->
                invalid(address, host + " is no address of this host", "Choose one that ip address lists", e);
            case EACCES, EPERM ->
                invalid(
                        address,
                        "port " + address.port() + " is not permitted",
                        "Ports below 1024 need root or CAP_NET_BIND_SERVICE; else choose another one",
                        e);
            default -> invalid(address, e.reason(), "Check the address", e);
        };
    }

    private static InvalidException invalid(
            ListeningAddress address, String why, String advice, SystemCallException cause) {
        return new InvalidException(Problem.of("listen on", address, why, advice), cause);
    }
}
