package dewy.posix;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Addresses in the layout of {@code sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un}. */
final class SocketAddresses {
    private static final int LONGEST_PATH = 107;

    private SocketAddresses() {}

    static byte[] unix(ListeningAddress address) throws InvalidException {
        byte[] path = address.host().getBytes(StandardCharsets.UTF_8);
        if (path.length > LONGEST_PATH) {
            throw new InvalidException(Problem.of(
                    "listen on",
                    address,
                    "the path is longer than " + LONGEST_PATH + " bytes",
                    "Choose a shorter one"));
        }
        return ByteBuffer.allocate(2 + path.length + 1)
                .order(ByteOrder.nativeOrder())
                .putShort((short) Constants.AF_UNIX)
                .put(path)
                .array();
    }

    static byte[] internet(InetAddress host, int port) {
        ByteBuffer bytes = ByteBuffer.allocate(host instanceof Inet6Address ? 28 : 16)
                .order(ByteOrder.nativeOrder())
                .putShort((short) family(host))
                .put((byte) (port >> 8))
                .put((byte) port);
        if (host instanceof Inet6Address six) {
            return bytes.putInt(0)
                    .put(six.getAddress())
                    .putInt(six.getScopeId())
                    .array();
        }
        return bytes.put(host.getAddress()).array();
    }

    static int family(InetAddress host) {
        return host instanceof Inet6Address ? Constants.AF_INET6 : Constants.AF_INET;
    }

    static int port(byte[] address) {
        return Byte.toUnsignedInt(address[2]) << 8 | Byte.toUnsignedInt(address[3]);
    }

    /** Returns the host of an address; the IPv6 wildcard, which takes IPv4 too, when none is named. */
    static InetAddress host(ListeningAddress address) throws InvalidException {
        try {
            return InetAddress.getByName(address.host().isEmpty() ? "::" : address.host());
        } catch (UnknownHostException e) {
            throw new InvalidException(
                    Problem.of(
                            "listen on", address, "there is no host of that name", "Check the part before the colon"),
                    e);
        }
    }
}
