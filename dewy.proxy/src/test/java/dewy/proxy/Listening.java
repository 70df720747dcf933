package dewy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import dewy.proxy.tls.Termination;
import dewy.proxy.traffic.BuffersInUse;
import dewy.proxy.traffic.Traffic;
import dewy.proxy.traffic.TrafficSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A listener on a free port, on two event loops, and what passes through it. */
public final class Listening implements AutoCloseable {
    private final EventLoopGroup loops;
    private final Channel channel;
    private final Traffic traffic;

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
        this(new Traffic(settings), Epoll.isAvailable(), Optional.of(tls));
    }

    private Listening(Traffic traffic, boolean isNative) {
        this(traffic, isNative, Optional.empty());
    }

    private Listening(Traffic traffic, boolean isNative, Optional<Termination> tls) {
        IoHandlerFactory io = isNative ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = isNative ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        this.traffic = traffic;
        loops = new MultiThreadIoEventLoopGroup(2, io);
        channel = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .childHandler(traffic.accepted())
                .attr(Termination.KEY, tls.orElse(null))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    public Traffic traffic() {
        return traffic;
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Has it lead to backends on ports of this host, each of which is its id. */
    public Listening to(Integer... ports) {
        traffic.route(Arrays.stream(ports).map(Listening::backend).toList());
        return this;
    }

    public static Backend backend(int port) {
        return Backend.of("" + port, new ListeningAddress("127.0.0.1", port));
    }

    public Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
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
        channel.close().syncUninterruptibly();
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
