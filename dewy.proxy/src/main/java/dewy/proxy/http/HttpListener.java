package dewy.proxy.http;

import dewy.proxy.tcp.ProxyProtocol;
import dewy.proxy.tls.Ends;
import dewy.proxy.tls.Termination;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Sites;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Has the requests of each connection that was accepted served. Safe for use by several threads. */
@Sharable
public final class HttpListener extends ChannelInitializer<Channel> {
    private final Traffic traffic;
    private final Optional<Sites> sites;
    private final Map<EventLoop, BackendPool> pools = new ConcurrentHashMap<>();

    /**
     * @param sites which app a request is for, where several share the listener
     */
    public HttpListener(Traffic traffic, Optional<Sites> sites) {
        this.traffic = traffic;
        this.sites = sites;
    }

    @Override
    protected void initChannel(Channel client) {
        Channels.setUp(client);
        ProxyProtocol.begin(traffic, client, this::secure);
    }

    private void secure(Channel client) {
        Termination.begin(traffic, client, HttpListener::refusePlain, this::open);
    }

    private static void refusePlain(Channel client) {
        ChannelFuture unused = client.writeAndFlush(Refusal.PLAIN.response(client.alloc(), false, true))
                .addListener(written -> Ends.shutOutput(client));
    }

    private void open(Channel client) {
        ClientConnection connection = new ClientConnection(traffic, this, client);
        client.pipeline().addLast(connection.handler());
        connection.open();
    }

    /** Returns the unused connections to the backends of an app, of one event loop. */
    private BackendPool pool(EventLoop of) {
        boolean shared = !traffic.settings().announced().toBackends();
        return pools.computeIfAbsent(of, loop -> new BackendPool(traffic.on(loop), shared));
    }

    /** Returns what the requests of a client are to be, as long as nothing else is said of them. */
    Exchange exchange(ClientConnection client) {
        Traffic owner = traffic.owner();
        if (owner != traffic) {
            return ((HttpListener) owner.accepted()).exchange(client);
        }
        return new Exchange(traffic, pool(client.channel().eventLoop()), client);
    }

    /** Returns the apps one of which a request may be for, where several may share the listener. */
    Optional<Sites> sites() {
        return sites;
    }

    /** Returns what serves a request, if anything does. */
    Optional<HttpListener> find(RequestHead request) {
        if (sites.isEmpty()) {
            return Optional.of(this);
        }
        Traffic all = sites.get().all();
        Optional<Traffic> found = all == null ? sites.get().find(request.host(), request.target()) : Optional.of(all);
        return found.map(one -> (HttpListener) one.accepted());
    }

    /** Returns what gets a connection on which something else than HTTP/1 is spoken, if anything does. */
    Optional<Traffic> ofOtherProtocols() {
        return sites.isEmpty() ? Optional.of(traffic) : sites.get().withoutName();
    }

    boolean isOf(Exchange exchange) {
        return exchange.isOf(traffic);
    }
}
