package dewy.proxy.tcp;

import dewy.api.proxy.Admission;
import dewy.proxy.traffic.AccessEntry;
import dewy.proxy.traffic.Dispatch;
import dewy.proxy.traffic.LoopConnections;
import dewy.proxy.traffic.Target;
import dewy.proxy.traffic.Traffic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** A client's connection that is relayed as it is to a backend that accepts one. Used by its event loop alone. */
public final class TcpConnection extends Dispatch implements Link.Listener {
    /** The statuses that nginx has for connections. */
    private static final int RELAYED = 200;

    private static final int UNREACHABLE = 502;
    private static final int REFUSED = 503;

    private final Link link;
    private boolean connected;
    private boolean refused;
    private final long accepted = System.nanoTime();
    private long began;

    public TcpConnection(Traffic traffic, LoopConnections connections, Link link) {
        super(traffic, connections);
        this.link = link;
    }

    /** Looks for a backend. What the client sends meanwhile is kept for it. */
    public void begin() {
        connections().add(this);
        try {
            link.begin(this);
        } catch (IOException e) {
            cut();
            return;
        }
        dispatch();
    }

    @Override
    protected void reach(Target backend) {
        began = System.nanoTime();
        expireIn(traffic().settings().timeouts().connect());
        link.connect(backend, traffic().settings().announced().toBackends());
    }

    @Override
    public void connected() {
        connected = true;
        Target backend = target();
        if (backend != null) {
            backend.answered(System.nanoTime() - began, false);
        }
        traffic().count(false);
        passed();
    }

    @Override
    public void notConnected() {
        unreachable();
    }

    @Override
    public void passed() {
        if (connected) {
            expireIn(traffic().settings().timeouts().idle());
        }
    }

    @Override
    public void transferred(int length) {
        traffic().transferred(length);
    }

    @Override
    public void over() {
        if (!connected) {
            traffic().count(true);
        }
        long nanos = System.nanoTime() - accepted;
        traffic().took(nanos);
        if (traffic().isRecorded()) {
            record(Duration.ofNanos(nanos));
        }
        end();
    }

    private void record(Duration took) {
        Target at = target();
        traffic()
                .record(new AccessEntry(
                        Instant.now().minus(took),
                        link.client(),
                        "",
                        "",
                        connected ? RELAYED : refused ? REFUSED : UNREACHABLE,
                        link.toClient(),
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
        if (connected) {
            cut();
        } else {
            link.stopConnecting(); // So that another backend is tried.
        }
    }

    @Override
    protected void cut() {
        link.close();
    }
}
