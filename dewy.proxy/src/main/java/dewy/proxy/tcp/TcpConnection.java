package dewy.proxy.tcp;

import dewy.api.proxy.Admission;
import dewy.proxy.traffic.AccessEntry;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Dispatch;
import dewy.proxy.traffic.LoopConnections;
import dewy.proxy.traffic.Target;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A client's connection that is relayed as it is to a backend that accepts one. Used by its event loop alone. */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
public final class TcpConnection extends Dispatch implements Relay.Listener {
    /** The statuses that nginx has for connections. */
    private static final int RELAYED = 200;

    private static final int UNREACHABLE = 502;
    private static final int REFUSED = 503;

    private final Channel client;
    private final Relay relay;
    private @Nullable Channel connecting;
    private boolean connected;
    private boolean refused;
    private final long accepted = System.nanoTime();
    private long began;

    public TcpConnection(Traffic traffic, LoopConnections connections, Channel client) {
        super(traffic, connections);
        this.client = client;
        relay = new Relay(client, this);
    }

    /** Returns the handler that the client's channel has to have from now on. */
    public ChannelHandler ofClient() {
        return relay.ofFirst();
    }

    /** Looks for a backend. What the client sends meanwhile is kept for it. */
    public void begin() {
        connections().add(this);
        dispatch();
    }

    @Override
    protected void reach(Target backend) {
        began = System.nanoTime();
        expireIn(traffic().settings().timeouts().connect());
        connect(backend).addListener(connect -> {
            connecting = null;
            if (connect.isSuccess()) {
                connected(backend);
            } else if (!relay.isOver()) {
                unreachable();
            }
        });
    }

    private ChannelFuture connect(Target backend) {
        return traffic().settings().announced().toBackends()
                ? Channels.connect(loop(), backend, ProxyProtocol.announcing(client), relay.ofSecond())
                : Channels.connect(loop(), backend, relay.ofSecond());
    }

    private void connected(Target backend) {
        connected = true;
        backend.answered(System.nanoTime() - began, false);
        traffic().count(false);
        passed();
    }

    @Override
    public void passed() {
        if (connected) {
            expireIn(traffic().settings().timeouts().idle());
        }
    }

    @Override
    public void connecting(Channel backend) {
        connecting = backend;
    }

    @Override
    public void over() {
        if (!connected) {
            traffic().count(true);
        }
        if (traffic().isRecorded()) {
            record();
        }
        end();
    }

    private void record() {
        Duration took = Duration.ofNanos(System.nanoTime() - accepted);
        Target at = target();
        traffic()
                .record(new AccessEntry(
                        Instant.now().minus(took),
                        Channels.nameOf(client),
                        "",
                        "",
                        connected ? RELAYED : refused ? REFUSED : UNREACHABLE,
                        relay.toFirst(),
                        took,
                        at == null ? "" : at.id(),
                        at == null ? "" : at.version(),
                        traffic().app()));
    }

    @Override
    protected void shut(Admission maintenance) {
        refused();
    }

    @Override
    protected void refused() {
        refused = true;
        cut();
    }

    @Override
    protected void timeIsUp() {
        Channel late = connecting;
        if (connected || late == null) {
            cut();
        } else {
            late.close(); // So that another backend is tried.
        }
    }

    @Override
    protected void cut() {
        relay.close();
    }
}
