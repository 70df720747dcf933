package dewy.proxy.http;

import dewy.proxy.tcp.ProxyProtocol;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Sites;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.Channel;
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
        ProxyProtocol.begin(traffic, client, this::open);
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
        return new Exchange(traffic, pool(client.channel().eventLoop()), client);
    }

    /** Returns whether a request may be for one app or another. */
    boolean isShared() {
        return sites.isPresent();
    }

    /** Returns what serves a request, if anything does. */
    Optional<HttpListener> find(RequestHead request) {
        return sites.flatMap(all -> all.find(request.host(), request.target()))
                .map(found -> (HttpListener) found.accepted());
    }

    boolean isOf(Exchange exchange) {
        return exchange.isOf(traffic);
    }
}
