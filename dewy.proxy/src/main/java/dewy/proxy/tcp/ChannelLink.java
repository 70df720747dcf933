package dewy.proxy.tcp;

import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Target;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/** A link whose client has a channel, which has read something of it already or goes on to: by TLS, for instance. */
public final class ChannelLink implements Link, Relay.Listener {
    private final Channel client;
    private final Relay relay;

    @SuppressWarnings("NullAway.Init") // Nothing is told before it begins.
    private Listener listener;

    private @Nullable Channel connecting;

    public ChannelLink(Channel client) {
        this.client = client;
        this.relay = new Relay(client, this);
    }

    /** Returns the handler that the client's channel has to have from now on. */
    public ChannelHandler ofClient() {
        return relay.ofFirst();
    }

    @Override
    public void begin(Listener whom) {
        listener = whom;
    }

    @Override
    public void connect(Target backend, boolean announce) {
        ChannelFuture connect = announce
                ? Channels.connect(client.eventLoop(), backend, ProxyProtocol.announcing(client), relay.ofSecond())
                : Channels.connect(client.eventLoop(), backend, relay.ofSecond());
        connect.addListener(connected -> {
            connecting = null;
            if (connected.isSuccess()) {
                listener.connected();
            } else if (!relay.isOver()) {
                listener.notConnected();
            }
        });
    }

    @Override
    public void connecting(Channel backend) {
        connecting = backend;
    }

    @Override
    public void stopConnecting() {
        Channel late = connecting;
        if (late == null) {
            close();
        } else {
            ChannelFuture unused = late.close();
        }
    }

    @Override
    public void passed() {
        listener.passed();
    }

    @Override
    public void transferred(int length) {
        listener.transferred(length);
    }

    @Override
    public void over() {
        listener.over();
    }

    @Override
    public long toClient() {
        return relay.toFirst();
    }

    @Override
    public String client() {
        return Channels.nameOf(client);
    }

    @Override
    public void close() {
        relay.close();
    }
}
