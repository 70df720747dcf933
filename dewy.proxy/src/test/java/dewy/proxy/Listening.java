package dewy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import dewy.proxy.tls.Termination;
import dewy.proxy.traffic.Acceptor;
import dewy.proxy.traffic.BuffersInUse;
import dewy.proxy.traffic.Traffic;
import dewy.proxy.traffic.TrafficSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener on a free port, on two event loops, and what passes through it. */
public final class Listening implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final EventLoopGroup loops;
    private final Traffic traffic;
    private final int port;
    /** Has it accept no more, and waits for that. */
    private final Runnable stop;

    public Listening(TrafficSettings settings) {
        this(settings, Epoll.isAvailable());
    }

    public Listening(TrafficSettings settings, boolean isNative) {
        this(new Traffic(settings), isNative);
    }

    public Listening(Traffic traffic) {
        this(traffic, Epoll.isAvailable());
    }

    /** One whose clients speak TLS. */
    public Listening(TrafficSettings settings, Termination tls) {
        this(new Traffic(settings), Epoll.isAvailable(), Optional.of(tls), 0);
    }

    /** One of which the system takes no more than that many bytes, or twice as many, before a client has read some. */
    public static Listening sending(int bytes, TrafficSettings settings) {
        return new Listening(new Traffic(settings), Epoll.isAvailable(), Optional.empty(), bytes);
    }

    private Listening(Traffic traffic, boolean isNative) {
        this(traffic, isNative, Optional.empty(), 0);
    }

    private Listening(Traffic traffic, boolean isNative, Optional<Termination> tls, int sendBuffer) {
        this.traffic = traffic;
        loops = new MultiThreadIoEventLoopGroup(2, isNative ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        if (isNative) {
            Socket socket = listen(sendBuffer);
            port = socket.localAddress().getPort();
            Acceptor acceptor = new Acceptor(socket.intValue(), false, loops, client -> traffic.serve(client, tls));
            acceptor.begin();
            stop = () -> {
                acceptor.close();
                acceptor.closed().join();
            };
        } else {
            Channel channel = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(traffic.accepted())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
            port = ((InetSocketAddress) channel.localAddress()).getPort();
            stop = () -> channel.close().syncUninterruptibly();
        }
    }

    private static Socket listen(int sendBuffer) {
        try {
            Socket socket = LinuxSocket.newSocketStream(SocketProtocolFamily.INET);
            if (sendBuffer > 0) {
                socket.setSendBufferSize(sendBuffer);
            }
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket.listen(BACKLOG);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Traffic traffic() {
        return traffic;
    }

    public int port() {
        return port;
    }

    /** Has it lead to backends on ports of this host, each of which is its id. */
    public Listening to(Integer... ports) {
        traffic.route(Arrays.stream(ports).map(Listening::backend).toList());
        return this;
    }

    public static Backend backend(int port) {
        return Backend.of("" + port, new ListeningAddress("127.0.0.1", port));
    }

    public java.net.Socket connect() throws IOException {
        java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Has each event loop do something, and waits until all have begun. */
    public void runOnEachLoop(Runnable task) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(2);
        loops.forEach(loop -> loop.execute(() -> {
            begun.countDown();
            task.run();
        }));
        begun.await();
    }

    /** Stops to accept; what was accepted stays. */
    public void stop() {
        stop.run();
    }

    /** Closes all, and finds that nothing was forgotten. */
    @Override
    public void close() {
        stop();
        traffic.drainAll(Duration.ZERO).join();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        assertThat(BuffersInUse.count()).as("buffers in use").isZero();
    }
}
