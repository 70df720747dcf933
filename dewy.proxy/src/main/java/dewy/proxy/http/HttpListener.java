package dewy.proxy.http;

import dewy.proxy.tcp.ProxyProtocol;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.LoopConnections;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Has the requests of each connection that was accepted served. Safe for use by several threads. */
@Sharable
public final class HttpListener extends ChannelInitializer<Channel> {
    private final Traffic traffic;
    private final Map<EventLoop, BackendPool> pools = new ConcurrentHashMap<>();

    public HttpListener(Traffic traffic) {
        this.traffic = traffic;
    }

    @Override
    protected void initChannel(Channel client) {
        Channels.setUp(client);
        LoopConnections connections = traffic.on(client.eventLoop());
        if (traffic.settings().announced().byClients()) {
            ProxyProtocol.await(
                    connections, client, traffic.settings().timeouts().request(), this::open);
        } else {
            open(client);
        }
    }

    private void open(Channel client) {
        boolean shared = !traffic.settings().announced().toBackends();
        BackendPool pool = pools.computeIfAbsent(client.eventLoop(), loop -> new BackendPool(traffic.on(loop), shared));
        ClientConnection connection = new ClientConnection(traffic, pool, client);
        client.pipeline().addLast(connection.handler());
        connection.open();
    }
}
