package dewy.proxy.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says at the beginning of a connection about whose it is: the <a
 * href="https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt">PROXY protocol</a>, of which both versions are read, and the
 * second is written.
 *
 * @param client whose connection it is; empty where it is the other proxy's own
 * @param length how many bytes it has
 */
record ProxyHeader(Optional<InetSocketAddress> client, int length) {
    /** It is not all there yet. */
    static final ProxyHeader INCOMPLETE = new ProxyHeader(Optional.empty(), 0);

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final byte[] WORD = "PROXY ".getBytes(US_ASCII);
    private static final int MOST_OF_FIRST = 107;
    private static final int FIXED = 16;
    private static final int OF_CLIENT = 0x21;
    private static final int OF_PROXY = 0x20;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    /**
     * Reads it from the first readable bytes on, which stay.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ProxyHeader parse(ByteBuf in) {
        if (begins(in, SIGNATURE)) {
            return in.readableBytes() < FIXED ? INCOMPLETE : parseSecond(in, in.readerIndex());
        }
        if (begins(in, WORD)) {
            return parseFirst(in);
        }
        throw new IllegalArgumentException("there is no PROXY header");
    }

    private static boolean begins(ByteBuf in, byte[] start) {
        int length = Math.min(start.length, in.readableBytes());
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static ProxyHeader parseFirst(ByteBuf in) {
        int from = in.readerIndex();
        int end = in.indexOf(from, Math.min(in.writerIndex(), from + MOST_OF_FIRST), (byte) '\n');
        if (end < 0 && in.readableBytes() < MOST_OF_FIRST) {
            return INCOMPLETE;
        }
        if (end < 0 || in.getByte(end - 1) != '\r') {
            throw new IllegalArgumentException("the PROXY header is too long, or does not end as it should");
        }
        String[] words = in.toString(from, end - 1 - from, US_ASCII).split(" ", -1);
        int length = end + 1 - from;
        if (words[1].equals("UNKNOWN")) {
            return new ProxyHeader(Optional.empty(), length);
        }
        boolean known = words.length == 6 && (words[1].equals("TCP4") || words[1].equals("TCP6"));
        if (!known || !words[2].matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*") || !words[4].matches("\\d{1,5}")) {
            throw new IllegalArgumentException("the PROXY header has no address");
        }
        return new ProxyHeader(Optional.of(address(words[2], Integer.parseInt(words[4]))), length);
    }

    private static InetSocketAddress address(String number, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(number), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("the PROXY header has no address", e);
        }
    }

    private static ProxyHeader parseSecond(ByteBuf in, int from) {
        int command = in.getUnsignedByte(from + 12);
        int family = in.getUnsignedByte(from + 13);
        int length = FIXED + in.getUnsignedShort(from + 14);
        if (command != OF_CLIENT && command != OF_PROXY) {
            throw new IllegalArgumentException("the PROXY header is of another version");
        }
        if (in.readableBytes() < length) {
            return INCOMPLETE;
        }
        int size = family == TCP4 ? 4 : family == TCP6 ? 16 : 0;
        if (command == OF_PROXY || size == 0) {
            return new ProxyHeader(Optional.empty(), length);
        }
        if (length < FIXED + 2 * size + 4) {
            throw new IllegalArgumentException("the PROXY header has no address");
        }
        byte[] bytes = new byte[size];
        in.getBytes(from + FIXED, bytes);
        int port = in.getUnsignedShort(from + FIXED + 2 * size);
        try {
            return new ProxyHeader(Optional.of(new InetSocketAddress(InetAddress.getByAddress(bytes), port)), length);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /** Returns what to say about a connection from one address to another; that it is nobody's where it has none. */
    static ByteBuf write(ByteBufAllocator allocator, @Nullable SocketAddress from, @Nullable SocketAddress to) {
        ByteBuf out = allocator.directBuffer(FIXED + 36).writeBytes(SIGNATURE);
        byte[] client = bytes(from);
        byte[] server = bytes(to);
        if (client.length == 0 || client.length != server.length) {
            return out.writeByte(OF_PROXY).writeByte(0).writeShort(0);
        }
        out.writeByte(OF_CLIENT).writeByte(client.length == 4 ? TCP4 : TCP6).writeShort(2 * client.length + 4);
        out.writeBytes(client).writeBytes(server);
        return out.writeShort(port(from)).writeShort(port(to));
    }

    private static int port(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    private static byte[] bytes(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getAddress()
                : new byte[0];
    }
}
