package dewy.admin;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.event.EventLog;
import dewy.view.LocalUser;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * Listens for requests, at an address and at a unix socket in the home. What comes is bounded: the number of connections, of
 * those who listen to events, and of requests that wait; the size of a request, and the time in which it has to be there.
 */
final class AdminServer implements AutoCloseable {
    private static final int PORTS = 10;
    private static final int LONGEST_LINE = 4 << 10;
    private static final int LONGEST_HEAD = 8 << 10;
    private static final int LONGEST_CHUNK = 8 << 10;
    private static final int LONGEST_BODY = 64 << 10;
    private static final int WORKERS = 4;
    private static final int WORKER_SECONDS = 10;

    private final Settings settings;
    private final Limits limits;
    private final Gate gate;
    private final List<Route> routes;
    private final Optional<Certificate> certificate;
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("dewy-admin", true), NioIoHandler.newFactory());
    private final ThreadPoolExecutor workers;
    private final Feeds feeds;
    private final ChannelGroup connections = new DefaultChannelGroup(loops.next(), true);
    private final List<Channel> listeners = new ArrayList<>();

    private AdminServer(
            Settings settings,
            Limits limits,
            Gate gate,
            List<Route> routes,
            Optional<Certificate> certificate,
            EventLog events) {
        this.settings = settings;
        this.limits = limits;
        this.gate = gate;
        this.routes = routes;
        this.certificate = certificate;
        this.feeds = new Feeds(events, loops.next(), limits.listeners());
        this.workers = new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                WORKER_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.waiting()),
                new DefaultThreadFactory("dewy-admin-worker", true));
        workers.allowCoreThreadTimeOut(true);
    }

    /**
     * Listens at the first free one of ten ports, and at the unix socket.
     *
     * @throws DewyException if it cannot; nothing of it is left then
     */
    static AdminServer open(Settings settings, Limits limits, List<Route> routes, EventLog events)
            throws DewyException {
        Tokens tokens = Tokens.open(settings.tokens());
        Optional<Certificate> certificate = Optional.empty();
        if (settings.certificate().isPresent()) {
            certificate = Optional.of(Certificate.open(settings.certificate().get()));
        }
        Gate gate = new Gate(tokens, settings.names(), settings.isLoopback());
        AdminServer server = new AdminServer(settings, limits, gate, routes, certificate, events);
        try {
            server.listen();
            return server;
        } catch (DewyException e) {
            server.close();
            throw e;
        }
    }

    /** Returns where it is, for people. */
    String url() {
        InetSocketAddress address = (InetSocketAddress) listeners.get(0).localAddress();
        String host = address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString();
        return (certificate.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + address.getPort() + "/";
    }

    /** Returns its unix socket. */
    Path socket() {
        return settings.home().resolve("admin.sock");
    }

    @Override
    public void close() {
        feeds.close();
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        connections.close().awaitUninterruptibly();
        workers.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        try {
            Files.deleteIfExists(socket());
        } catch (IOException e) {
            // The next agent of this home replaces it.
        }
    }

    private void listen() throws DewyException {
        listeners.add(bindOneOf());
        try (SocketFile file = SocketFile.prepare(socket())) {
            listeners.add(bind(NioServerDomainSocketChannel.class, UnixDomainSocketAddress.of(file.address())));
            file.protect();
        } catch (IOException e) {
            Problem problem =
                    Problem.of("open the unix socket", socket(), e.toString(), "Check the mode and owner of the home");
            throw new StorageException(problem, e);
        }
    }

    private Channel bindOneOf() throws DewyException {
        int last = Math.min(settings.port() + PORTS - 1, 65_535);
        IOException refused = new IOException("no port was tried");
        for (int port = settings.port(); port <= last; port++) {
            try {
                return bind(NioServerSocketChannel.class, new InetSocketAddress(settings.address(), port));
            } catch (BindException e) {
                refused = e;
            } catch (IOException e) {
                refused = e;
                break;
            }
        }
        throw new UnusableException(
                Problem.of(
                        "open the admin API at",
                        settings.address().getHostAddress() + ":" + settings.port() + "-" + last,
                        String.valueOf(refused.getMessage()),
                        "Name another one with --admin-port or --admin-address, or none with --admin-port none"),
                refused);
    }

    private Channel bind(Class<? extends ServerChannel> type, SocketAddress address) throws IOException {
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        admit(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (bound.isSuccess()) {
            return bound.channel();
        }
        throw bound.cause() instanceof IOException failure ? failure : new IOException(bound.cause());
    }

    private void admit(Channel channel) {
        if (connections.size() >= limits.connections()) {
            var unused = channel.close();
            return;
        }
        connections.add(channel);
        ChannelPipeline pipeline = channel.pipeline();
        boolean isUnix = channel.parent() instanceof NioServerDomainSocketChannel;
        if (!isUnix) {
            certificate.ifPresent(pair -> pipeline.addLast(pair.current().newHandler(channel.alloc())));
        }
        Optional<Caller> peer = isUnix ? owner(channel) : Optional.of(stranger(channel));
        if (peer.isEmpty()) {
            var unused = channel.close();
            return;
        }
        pipeline.addLast(new HttpServerCodec(LONGEST_LINE, LONGEST_HEAD, LONGEST_CHUNK));
        pipeline.addLast(new HttpServerKeepAliveHandler());
        pipeline.addLast(new HttpObjectAggregator(LONGEST_BODY, true));
        pipeline.addLast(new FlowControlHandler());
        pipeline.addLast(new Session(routes, gate, feeds, workers, limits.request(), peer.get()));
    }

    private static Caller stranger(Channel channel) {
        InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
        return Caller.stranger(address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /** Returns the user at the other end of the unix socket, where the agent is theirs. */
    private static Optional<Caller> owner(Channel channel) {
        return Optional.ofNullable(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED)))
                .map(peer -> new LocalUser(peer.user().getName()))
                .filter(LocalUser::ownsAgent)
                .map(Caller::owner);
    }

    /** It cannot listen. */
    private static final class UnusableException extends DewyException {
        private static final long serialVersionUID = 1L;

        UnusableException(Problem problem, Throwable cause) {
            super(FailureKind.CONFIGURATION, problem, cause);
        }
    }
}
