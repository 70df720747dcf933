package dewy.proxy.http;

import dewy.proxy.tcp.TcpListener;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;

/** Has each connection that was accepted relayed to a backend. Safe for use by several threads. */
@Sharable
public final class HttpListener extends ChannelInitializer<Channel> {
    private final TcpListener tcp;

    public HttpListener(Traffic traffic) {
        tcp = new TcpListener(traffic);
    }

    @Override
    protected void initChannel(Channel client) {
        client.pipeline().addLast(tcp);
    }
}
