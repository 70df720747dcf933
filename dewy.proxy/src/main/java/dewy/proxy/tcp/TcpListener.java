package dewy.proxy.tcp;

import dewy.proxy.tls.Termination;
import dewy.proxy.traffic.Acceptor.Accepted;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;

/** Has each connection that was accepted relayed to a backend. Safe for use by several threads. */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
public final class TcpListener extends ChannelInitializer<Channel> {
    private final Traffic traffic;

    public TcpListener(Traffic traffic) {
        this.traffic = traffic;
    }

    @Override
    protected void initChannel(Channel client) {
        Channels.setUp(client);
        ProxyProtocol.begin(traffic, client, this::secure);
    }

    private void secure(Channel client) {
        Termination.begin(traffic, client, Channel::close, this::open);
    }

    private void open(Channel client) {
        ChannelLink link = new ChannelLink(client);
        client.pipeline().addLast(link.ofClient());
        new TcpConnection(traffic, traffic.on(client.eventLoop()), link).begin();
    }

    /** Begins with one of which nothing is to be read before it is relayed. */
    public void relay(Accepted accepted) {
        new TcpConnection(traffic, traffic.on(accepted.loop()), new SocketLink(accepted)).begin();
    }
}
