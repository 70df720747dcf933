package dewy.posix;

import com.sun.jna.Memory;

/** A socket that is being made ready. It is closed with this object unless its descriptor was released. */
final class RawSocket implements AutoCloseable {
    private static final int RELEASED = -1;
    /** What the system allows at most is less, as a rule (net.core.somaxconn). */
    private static final int BACKLOG = 4096;

    private int descriptor;

    private RawSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    static RawSocket open(int family) throws SystemCallException {
        return open(family, 0);
    }

    static RawSocket openDatagram() throws SystemCallException {
        int type = Constants.SOCK_DGRAM | Constants.SOCK_CLOEXEC;
        return new RawSocket(SystemCallException.check("socket", CLibrary.socket(Constants.AF_UNIX, type, 0)));
    }

    static RawSocket open(int family, int flags) throws SystemCallException {
        int type = Constants.SOCK_STREAM | Constants.SOCK_CLOEXEC | flags;
        return new RawSocket(SystemCallException.check("socket", CLibrary.socket(family, type, 0)));
    }

    void set(int level, int option, int value) throws SystemCallException {
        set(level, option, new int[] {value});
    }

    void set(int level, int option, int[] values) throws SystemCallException {
        int length = values.length * Integer.BYTES;
        SystemCallException.check("setsockopt", CLibrary.setsockopt(descriptor, level, option, values, length));
    }

    /** Sends a message in the layout of {@code msghdr}. */
    void send(Memory message) throws SystemCallException {
        SystemCallException.check("sendmsg", (int) CLibrary.sendmsg(descriptor, message, Constants.MSG_NOSIGNAL));
    }

    void bind(byte[] address) throws SystemCallException {
        SystemCallException.check("bind", CLibrary.bind(descriptor, address, address.length));
    }

    void connect(byte[] address) throws SystemCallException {
        SystemCallException.check("connect", CLibrary.connect(descriptor, address, address.length));
    }

    void listen() throws SystemCallException {
        SystemCallException.check("listen", CLibrary.listen(descriptor, BACKLOG));
    }

    /** Returns the port that an internet socket was bound to. */
    int port() throws SystemCallException {
        byte[] address = new byte[SocketAddresses.LONGEST_INTERNET];
        int[] length = {address.length};
        SystemCallException.check("getsockname", CLibrary.getsockname(descriptor, address, length));
        return SocketAddresses.port(address);
    }

    /** Returns the descriptor, which belongs to the caller from now on. */
    int release() {
        int released = descriptor;
        descriptor = RELEASED;
        return released;
    }

    @Override
    public void close() {
        if (descriptor != RELEASED) {
            CLibrary.close(release());
        }
    }
}
