package dewy.posix;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Addresses in the layout of {@code sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un}. */
final class SocketAddresses {
    static final int LONGEST_INTERNET = 28;

    private static final int IPV4_LENGTH = 16;

    private SocketAddresses() {}

    static byte[] unix(byte[] path) {
        return header(2 + path.length + 1, Constants.AF_UNIX).put(path).array();
    }

    /** Returns the address of a name that is in no folder, which only Linux has. */
    static byte[] abstractUnix(byte[] name) {
        return header(2 + 1 + name.length, Constants.AF_UNIX)
                .put((byte) 0)
                .put(name)
                .array();
    }

    static byte[] internet(InetAddress host, int port) {
        if (host instanceof Inet6Address six) {
            return header(LONGEST_INTERNET, Constants.AF_INET6)
                    .put(inNetworkOrder(port))
                    .putInt(0)
                    .put(six.getAddress())
                    .putInt(six.getScopeId())
                    .array();
        }
        return header(IPV4_LENGTH, Constants.AF_INET)
                .put(inNetworkOrder(port))
                .put(host.getAddress())
                .array();
    }

    static int family(InetAddress host) {
        return host instanceof Inet6Address ? Constants.AF_INET6 : Constants.AF_INET;
    }

    static int port(byte[] internetAddress) {
        return Byte.toUnsignedInt(internetAddress[2]) << 8 | Byte.toUnsignedInt(internetAddress[3]);
    }

    /** Linux begins with the family in two bytes; macOS with the length in one, and the family in another. */
    private static ByteBuffer header(int length, int family) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        return Constants.MACOS ? bytes.put((byte) length).put((byte) family) : bytes.putShort((short) family);
    }

    private static byte[] inNetworkOrder(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }
}
