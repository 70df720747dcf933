package dewy.proxy.http;

import dewy.api.proxy.Admission;
import dewy.proxy.http.RequestHead.Described;
import dewy.proxy.tcp.Relay;
import dewy.proxy.traffic.AccessEntry;
import dewy.proxy.traffic.Dispatch;
import dewy.proxy.traffic.Target;
import dewy.proxy.traffic.Traffic;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client and what a backend answers: one after the other, the next request begins when the response to the one
 * before is over. Used by its event loop alone.
 *
 * <p>A request is sent again only if that does no harm, all of it is still here, and nothing of a response was seen.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
final class Exchange extends Dispatch implements Relay.Listener {
    private static final int MOST_REPEATS = 3;

    private final ClientConnection client;
    private final BackendPool pool;
    private final Timeouts timeouts;

    private @Nullable RequestHead request;
    private @Nullable ByteBuf head;
    private @Nullable BackendConnection backend;
    private @Nullable Channel connecting;
    private @Nullable Relay relay;
    private @Nullable Described described;
    private boolean responding;
    /** Whether a connection that was used before has failed it: none of them is tried then. */
    private boolean fresh;

    private int repeats;
    private int status;
    private long began;
    private long answeredAfter;

    Exchange(Traffic traffic, BackendPool pool, ClientConnection client) {
        super(traffic, traffic.on(client.channel().eventLoop()));
        this.pool = pool;
        this.client = client;
        this.timeouts = traffic.settings().timeouts();
    }

    /** Sends a request, whose header section it owns from then on. */
    void begin(RequestHead next, ByteBuf bytes) {
        request = next;
        head = bytes;
        described = traffic().isRecorded() ? next.described() : null;
        responding = false;
        fresh = false;
        repeats = 0;
        began = System.nanoTime();
        connections().add(this);
        dispatch();
    }

    RequestHead request() {
        RequestHead current = request;
        if (current == null) {
            throw new IllegalStateException("no exchange is under way");
        }
        return current;
    }

    boolean isOf(Traffic other) {
        return traffic() == other;
    }

    /** Returns whether a request is not over. */
    boolean isUnderWay() {
        return request != null;
    }

    // The way to a backend

    @Override
    protected void reach(Target target) {
        BackendConnection unused = fresh ? null : pool.take(target);
        while (unused != null && !request().isRepeatable() && !unused.isAlive()) {
            unused.channel().close();
            unused = pool.take(target);
        }
        if (unused == null) {
            connect(target);
        } else {
            send(unused);
        }
    }

    private void connect(Target target) {
        BackendConnection opened =
                new BackendConnection(target, pool, traffic().settings().headerLimit());
        expireIn(timeouts.connect());
        ChannelFuture connect = opened.open(client.channel());
        connecting = connect.channel();
        connect.addListener(connected -> {
            if (connecting != connect.channel()) { // Nobody waits for it any more.
                connect.channel().close();
                return;
            }
            connecting = null;
            if (connected.isSuccess()) {
                send(opened);
            } else {
                unreachable();
            }
        });
    }

    private void send(BackendConnection to) {
        ByteBuf bytes = head;
        if (bytes == null) {
            throw new IllegalStateException("there is no request to send");
        }
        backend = to;
        to.begin(this);
        traffic().transferred(bytes.readableBytes());
        if (request().isRepeatable()) {
            to.channel().write(bytes.retainedDuplicate(), to.channel().voidPromise());
        } else {
            head = null;
            to.channel().write(bytes, to.channel().voidPromise());
        }
        client.sendBody();
    }

    /** Returns whether there is a backend for the body. */
    boolean takesBody() {
        return backend != null;
    }

    /** Sends a part of the body, which it owns from then on. */
    void send(ByteBuf part) {
        BackendConnection to = backend;
        if (to == null) {
            part.release();
            return;
        }
        traffic().transferred(part.readableBytes());
        to.channel().write(part, to.channel().voidPromise());
        if (!to.channel().isWritable()) {
            client.flushBody();
        }
    }

    /**
     * All that has arrived was sent.
     *
     * @param complete whether that is all of the request
     * @return whether the backend can take more
     */
    boolean flush(boolean complete) {
        BackendConnection to = backend;
        if (to == null) {
            return true;
        }
        to.channel().flush();
        expireIn(complete && !responding ? timeouts.response() : timeouts.idle());
        return to.channel().isWritable();
    }

    @Override
    protected void shut(Admission maintenance) {
        refuse(Refusal.of(maintenance));
    }

    @Override
    protected void refused() {
        refuse(Refusal.NO_BACKEND);
    }

    /**
     * The connection to the backend is lost in the middle of the exchange.
     *
     * @param silent whether nothing of a response had arrived
     */
    void lost(Refusal refusal, boolean silent) {
        BackendConnection from = backend;
        backend = null;
        if (responding) {
            fail();
            count(true, status, from == null ? 0 : from.passed());
            client.abort();
        } else if (silent && from != null && request().isRepeatable() && repeats++ < MOST_REPEATS) {
            fresh = true;
            if (from.isUsed()) {
                again();
            } else {
                unreachable();
            }
        } else {
            fail();
            refuse(refusal);
        }
    }

    private void fail() {
        Target at = target();
        if (at != null) {
            at.failed();
        }
    }

    // What the backend answers

    /**
     * The last response begins.
     *
     * @param endsByClose whether only the end of the connection tells the end of the response
     * @return whether the client's connection is closed after it
     */
    boolean respond(ResponseHead response, boolean endsByClose) {
        responding = true;
        releaseHead();
        status = response.status();
        answeredAfter = System.nanoTime() - began;
        return client.isLast(endsByClose);
    }

    /** Sends something to the client, which owns it from then on. What is much is sent at once, before more is read. */
    void write(ByteBuf bytes) {
        Channel to = client.channel();
        traffic().transferred(bytes.readableBytes());
        to.write(bytes, to.voidPromise());
        if (!to.isWritable()) {
            flush();
        }
    }

    /** All of what the backend had to say so far was written. */
    void flush() {
        client.channel().flush();
        BackendConnection from = backend;
        if (from != null && responding) {
            expireIn(timeouts.idle());
            from.channel().config().setAutoRead(client.channel().isWritable());
        }
    }

    /** The client takes more of the response. */
    void clientWritable() {
        BackendConnection from = backend;
        if (from != null) {
            from.channel().config().setAutoRead(true);
            expireIn(timeouts.idle());
        }
    }

    /** The backend takes more of the request. */
    void backendWritable() {
        client.readMore();
    }

    /** All of the response was written. */
    void responded() {
        BackendConnection from = backend;
        Target at = target();
        if (from == null || at == null) {
            return;
        }
        backend = null;
        at.answered(answeredAfter, status >= 500);
        count(false, status, from.passed());
        from.release(client.hasSentAll(), timeouts.backendKeepAlive());
        finish();
        client.answered();
    }

    /** Both connections are relayed from now on, until both have ended. */
    void upgrade(Channel to, ChannelHandler ofBackend) {
        Target at = target();
        if (at != null) {
            at.answered(System.nanoTime() - began, false);
        }
        traffic().count(false);
        record(101, 0, System.nanoTime() - began);
        releaseHead();
        backend = null;
        Relay both = new Relay(client.channel(), this);
        relay = both;
        ByteBuf early = client.relay(both.ofFirst());
        to.pipeline().replace(ofBackend, null, both.ofSecond());
        to.config().setAutoRead(true);
        transferred(early.readableBytes());
        to.writeAndFlush(early, to.voidPromise());
        passed();
    }

    @Override
    public void passed() {
        expireIn(timeouts.idle());
    }

    @Override
    public void transferred(int length) {
        traffic().transferred(length);
    }

    @Override
    public void over() {
        traffic().took(System.nanoTime() - began);
        end();
    }

    // The end

    /** Gives an answer of the proxy itself, unless another one has begun. */
    void refuse(Refusal refusal) {
        if (responding) {
            client.abort();
            return;
        }
        boolean toHead = request().isToHead();
        count(refusal.isFailure(), refusal.status(), 0);
        abandon();
        client.answer(refusal, toHead);
    }

    /** It comes to nothing: what it has to do with a backend is closed. Does nothing when it is over. */
    void abandon() {
        releaseHead();
        BackendConnection from = backend;
        backend = null;
        if (from != null) {
            from.release(false, Duration.ZERO);
        }
        Channel opening = connecting;
        connecting = null;
        if (opening != null) {
            opening.close();
        }
        finish();
    }

    private void count(boolean failure, int answer, long bytes) {
        long nanos = System.nanoTime() - began;
        traffic().count(failure);
        traffic().took(nanos);
        record(answer, bytes, nanos);
    }

    private void record(int answer, long bytes, long nanos) {
        Described what = described;
        if (what == null) {
            return;
        }
        Target at = target();
        Duration duration = Duration.ofNanos(nanos);
        AccessEntry entry = new AccessEntry(
                Instant.now().minus(duration),
                client.forwarding().address(),
                what.line(),
                what.host(),
                answer,
                bytes,
                duration,
                at == null ? "" : at.id(),
                at == null ? "" : at.version(),
                traffic().app());
        traffic().record(entry);
    }

    private void finish() {
        request = null;
        responding = false;
        end();
    }

    private void releaseHead() {
        ByteBuf bytes = head;
        if (bytes != null) {
            head = null;
            bytes.release();
        }
    }

    @Override
    protected void timeIsUp() {
        Relay both = relay;
        Channel late = connecting;
        if (both != null) {
            both.close();
        } else if (late != null) {
            late.close(); // So that another backend is tried.
        } else if (client.hasSentAll()) {
            fail();
            refuse(Refusal.NO_ANSWER);
        } else {
            refuse(Refusal.SLOW_BODY);
        }
    }

    @Override
    protected void cut() {
        Relay both = relay;
        if (both != null) {
            both.close();
        } else if (request == null) {
            return; // It ended with another one that was cut.
        } else if (responding) {
            client.abort();
        } else if (!client.hasSentAll()) {
            client.close();
        } else {
            refuse(Refusal.CUT);
        }
    }
}
