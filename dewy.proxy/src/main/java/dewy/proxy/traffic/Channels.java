package dewy.proxy.traffic;

import dewy.proxy.tls.Termination;
import dewy.proxy.traffic.Acceptor.Accepted;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How channels are made and set up, those of clients and those to backends. */
public final class Channels {
    public static final PooledByteBufAllocator ALLOCATOR =
            new PooledByteBufAllocator(true, 0, 2, 8192, 6, 0, 64, false);
    private static final AttributeKey<SocketAddress> ADDRESS = AttributeKey.valueOf("dewy.proxy.address");
    private static final int LEAST_READ = 512;
    private static final int FIRST_READ = 2048;
    private static final int MOST_READ = 128 << 10;
    private static final RecvByteBufAllocator READS =
            new AdaptiveRecvByteBufAllocator(LEAST_READ, FIRST_READ, MOST_READ);

    /** The state of a connection that both sides have open, in {@code struct tcp_info} of Linux. */
    private static final int TCP_ESTABLISHED = 1;

    private Channels() {}

    /** Sets up a channel that was accepted or made. */
    public static void setUp(Channel channel) {
        ChannelConfig config = channel.config();
        config.setAllocator(ALLOCATOR);
        config.setRecvByteBufAllocator(READS);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** Has a connection that was accepted be one with a channel, whose first handler is given. */
    static void open(Accepted client, Optional<Termination> tls, ChannelHandler handler) {
        int descriptor = client.descriptor();
        Channel channel =
                client.isUnix() ? new EpollDomainSocketChannel(descriptor) : new EpollSocketChannel(descriptor);
        tls.ifPresent(one -> channel.attr(Termination.KEY).set(one));
        channel.pipeline().addLast(handler);
        ChannelFuture unused = client.loop().register(channel);
        if (!channel.isActive()) { // It was reset already, of which there will be no event.
            ChannelFuture ignored = channel.close();
        }
    }

    /** Returns a new socket, which can be connected to a backend. */
    public static Socket socketTo(Target target) throws IOException {
        SocketAddress address = target.address();
        if (address instanceof DomainSocketAddress) {
            return LinuxSocket.newSocketDomain();
        }
        Socket socket = LinuxSocket.newSocketStream(familyOf(address));
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Returns an empty buffer outside of the heap. */
    public static ByteBuf buffer(int size) {
        return ALLOCATOR.directBuffer(size, size);
    }

    /**
     * Connects to a backend, without a limit of time, on an event loop and as that does it, natively or not.
     *
     * @return fails when the backend refuses; the channel is closed then
     */
    public static ChannelFuture connect(EventLoop loop, Target target, ChannelHandler... handlers) {
        boolean isNative = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        SocketAddress address = target.address();
        Channel channel;
        if (address instanceof DomainSocketAddress unix) {
            channel = isNative ? new EpollDomainSocketChannel() : new NioDomainSocketChannel();
            address = isNative ? unix : UnixDomainSocketAddress.of(unix.path());
        } else {
            // By itself it would be one of IPv6, which takes another system call to be one of both.
            channel = isNative ? new EpollSocketChannel(familyOf(address)) : new NioSocketChannel();
        }
        setUp(channel);
        channel.config().setConnectTimeoutMillis(0);
        channel.pipeline().addLast(handlers);
        ChannelFuture registered = loop.register(channel);
        ChannelFuture connected = registered.cause() != null ? registered : channel.connect(address);
        return connected.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /**
     * Says that nothing more is written, which has to be all of it already. Netty would make an exception for what was not
     * written, with its stack trace: much of what a connection with one request costs.
     */
    public static void shutOutput(Channel channel) {
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                // The other side has closed or reset it already, which is told to the handlers.
            }
        } else {
            ChannelFuture unused = ((DuplexChannel) channel).shutdownOutput();
        }
    }

    /** Returns whether the system has taken all that was written and flushed. */
    public static boolean hasSentAll(Channel channel) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null || unsent.isEmpty();
    }

    /** Has a client's channel be one of another address than that from which it was opened, since somebody says so. */
    public static void setAddressOf(Channel client, SocketAddress address) {
        client.attr(ADDRESS).set(address);
    }

    /** Returns the address of a client; null if it has none. */
    public static @Nullable SocketAddress addressOf(Channel client) {
        return client.hasAttr(ADDRESS) ? client.attr(ADDRESS).get() : client.remoteAddress();
    }

    /** Returns the address of a client as a number; {@code unknown} if it has none. */
    public static String nameOf(Channel client) {
        return nameOf(addressOf(client));
    }

    /** The same of an address. */
    public static String nameOf(@Nullable SocketAddress client) {
        return client instanceof InetSocketAddress remote && remote.getAddress() != null
                ? remote.getAddress().getHostAddress()
                : "unknown"; // As it is with unix sockets; the word is that of RFC 7239.
    }

    private static SocketProtocolFamily familyOf(SocketAddress address) {
        boolean old = address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address;
        return old ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /**
     * Asks the system whether the other side has neither closed nor reset a connection, of which there may not have been an
     * event yet. Where the system cannot be asked, the answer is what was heard so far.
     */
    public static boolean isEstablished(Channel channel) {
        return channel.isActive()
                && (!(channel instanceof EpollSocketChannel socket)
                        || socket.tcpInfo().state() == TCP_ESTABLISHED);
    }
}
