package dewy.proxy.http;

import dewy.proxy.tcp.Relay;
import dewy.proxy.tcp.TcpConnection;
import dewy.proxy.traffic.Dispatch;
import dewy.proxy.traffic.Target;
import dewy.proxy.traffic.Traffic;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, and the exchange that is under way on it: one request after the other is read, sent to a backend and
 * answered, never two at a time. Used by its event loop alone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
final class ClientConnection extends Dispatch implements Relay.Listener {
    private static final int MOST_KEPT = 64 << 10;
    private static final int MOST_REPEATS = 3;
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(1);

    private enum State {
        /** A header section is to come. */
        HEAD,
        /** The body of a request is to come. */
        BODY,
        /** All of the request is there, and the response is not over. */
        RESPONSE,
        /** The rest of what arrives is of no interest: an answer was given before it. */
        LINGERING,
        /** Relayed as it is. */
        RELAYED,
        CLOSED
    }

    private final Channel channel;
    private final BackendPool pool;
    private final Timeouts timeouts;
    private final Handler handler = new Handler();
    private final Incoming incoming = new Incoming();
    private final Body body = new Body();
    private @Nullable Forwarding forwarding;
    private State state = State.HEAD;
    private boolean first = true;
    private boolean inHead;
    private boolean ended;

    private @Nullable RequestHead request;
    private @Nullable ByteBuf head;
    private @Nullable BackendConnection backend;
    private @Nullable Channel connecting;
    private @Nullable Relay relay;
    private boolean responding;
    private boolean last;
    private boolean fresh;
    private int repeats;
    private int status;
    private long began;
    private long answeredAfter;

    ClientConnection(Traffic traffic, BackendPool pool, Channel channel) {
        super(traffic, traffic.on(channel.eventLoop()));
        this.channel = channel;
        this.pool = pool;
        this.timeouts = traffic.settings().timeouts();
    }

    ChannelHandler handler() {
        return handler;
    }

    void open() {
        connections().add(this);
        expireIn(timeouts.request());
    }

    RequestHead request() {
        RequestHead current = request;
        if (current == null) {
            throw new IllegalStateException("no exchange is under way");
        }
        return current;
    }

    // What the client sends

    private void read(ByteBuf arrived) {
        incoming.add(arrived);
        try {
            pass();
        } catch (Malformed e) {
            refuse(Refusal.of(e));
        }
        if (incoming.size() > MOST_KEPT) {
            channel.config().setAutoRead(false);
        }
    }

    private void pass() throws Malformed {
        while (incoming.size() > 0) {
            boolean more =
                    switch (state) {
                        case HEAD -> readHead();
                        case BODY -> passBody();
                        case RESPONSE -> false;
                        case LINGERING, RELAYED, CLOSED -> drop();
                    };
            if (!more) {
                return;
            }
        }
    }

    private boolean drop() {
        incoming.release();
        return false;
    }

    private boolean readHead() throws Malformed {
        if (first && OtherProtocol.isIt(incoming.bytes())) {
            relayAll();
            return false;
        }
        if (first && OtherProtocol.mayBeIt(incoming.bytes())) {
            return false;
        }
        if (!inHead && !first) {
            expireIn(timeouts.request());
        }
        inHead = true;
        int length = incoming.findHead(traffic().settings().headerLimit());
        if (length < 0) {
            return false;
        }
        Fields fields = Fields.ofThread();
        fields.read(incoming.bytes(), length);
        incoming.clean();
        RequestHead next = RequestHead.parse(fields);
        head = next.passedOn(channel.alloc(), forwarding());
        begin(next);
        return true;
    }

    private Forwarding forwarding() {
        Forwarding known = forwarding;
        if (known == null) {
            known = Forwarding.of(channel);
            forwarding = known;
        }
        return known;
    }

    private void begin(RequestHead next) {
        request = next;
        first = false;
        inHead = false;
        responding = false;
        last = !next.keepsAlive();
        fresh = false;
        repeats = 0;
        body.begin(next.length());
        state = body.isDone() ? State.RESPONSE : State.BODY;
        began = System.nanoTime();
        dispatch();
    }

    /** Returns whether some of it was passed on. */
    private boolean passBody() throws Malformed {
        BackendConnection to = backend;
        if (to == null) {
            return false;
        }
        int taken = body.take(incoming.bytes(), null);
        to.channel().write(incoming.take(taken), to.channel().voidPromise());
        if (body.isDone()) {
            state = State.RESPONSE;
        }
        return true;
    }

    private void flushBody() {
        BackendConnection to = backend;
        if (to == null || (state != State.BODY && state != State.RESPONSE)) {
            return;
        }
        to.channel().flush();
        expireIn(state == State.BODY || responding ? timeouts.idle() : timeouts.response());
        if (!to.channel().isWritable() && state == State.BODY) {
            channel.config().setAutoRead(false);
        }
    }

    /** The backend takes more of what the client sends. */
    void readMore() {
        if (incoming.size() <= MOST_KEPT) {
            channel.config().setAutoRead(true);
        }
    }

    /** Whatever it speaks, it is not HTTP/1: the backend is to find out. */
    private void relayAll() {
        ByteBuf all = incoming.take(incoming.size());
        state = State.RELAYED;
        connections().remove(this);
        TcpConnection connection = new TcpConnection(traffic(), connections(), channel);
        channel.pipeline().replace(handler, null, connection.ofClient());
        connection.begin();
        channel.pipeline().fireChannelRead(all).fireChannelReadComplete();
    }

    // The way to a backend

    @Override
    protected void reach(Target target) {
        BackendConnection unused = fresh ? null : pool.take(target);
        while (unused != null && !request().isRepeatable() && !unused.isAlive()) {
            unused.channel().close();
            unused = pool.take(target);
        }
        if (unused != null) {
            send(unused);
            return;
        }
        BackendConnection opened =
                new BackendConnection(target, pool, traffic().settings().headerLimit());
        expireIn(timeouts.connect());
        ChannelFuture connect = opened.open(channel);
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
        if (request().isRepeatable()) {
            to.channel().write(bytes.retainedDuplicate(), to.channel().voidPromise());
        } else {
            head = null;
            to.channel().write(bytes, to.channel().voidPromise());
        }
        try {
            if (state == State.BODY) {
                pass();
            }
            if (state == State.BODY && ended) { // The rest will never come.
                close();
                return;
            }
            flushBody();
            readMore();
        } catch (Malformed e) {
            refuse(Refusal.of(e));
        }
    }

    private void releaseHead() {
        ByteBuf bytes = head;
        if (bytes != null) {
            head = null;
            bytes.release();
        }
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
            abort();
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

    /** What was sent already cannot be taken back; that it is not all is told by the reset. */
    private void abort() {
        fail();
        traffic().count(true);
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        close();
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
     * @return whether the connection is closed after it
     */
    boolean respond(ResponseHead response, boolean endsByClose) {
        responding = true;
        releaseHead();
        status = response.status();
        answeredAfter = System.nanoTime() - began;
        last |= endsByClose
                || state == State.BODY
                || (ended && incoming.size() == 0)
                || traffic().isEnding();
        return last;
    }

    /** Sends something to the client, which owns it from then on. */
    void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    /** All of what the backend had to say was written. */
    void flush() {
        channel.flush();
        BackendConnection from = backend;
        if (from != null && responding) {
            expireIn(timeouts.idle());
            if (!channel.isWritable()) {
                from.channel().config().setAutoRead(false);
            }
        }
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
        traffic().count(false);
        from.release(state == State.RESPONSE, timeouts.backendKeepAlive());
        leave();
        next();
    }

    /** The exchange is over; there may be another one. */
    private void next() {
        request = null;
        if (last) {
            linger();
            return;
        }
        channel.flush();
        state = State.HEAD;
        expireIn(traffic().isEnding() ? LAST_CHANCE : timeouts.keepAlive());
        if (incoming.size() > 0) {
            loop().execute(this::passKept); // Not from here, since that may come here again.
        } else if (ended) {
            close();
        } else {
            readMore();
        }
    }

    private void passKept() {
        try {
            pass();
            flushBody();
        } catch (Malformed e) {
            refuse(Refusal.of(e));
        }
        if (state == State.HEAD && ended) {
            close();
        }
        readMore();
    }

    /** Both connections are relayed from now on. */
    void upgrade(Channel to, ChannelHandler ofBackend) {
        Target at = target();
        if (at != null) {
            at.answered(System.nanoTime() - began, false);
        }
        traffic().count(false);
        releaseHead();
        channel.flush();
        backend = null;
        state = State.RELAYED;
        Relay both = new Relay(channel, this);
        relay = both;
        ByteBuf early = incoming.size() > 0 ? incoming.take(incoming.size()) : Unpooled.EMPTY_BUFFER;
        channel.pipeline().replace(handler, null, both.ofFirst());
        to.pipeline().replace(ofBackend, null, both.ofSecond());
        to.config().setAutoRead(true);
        channel.config().setAutoRead(true);
        to.writeAndFlush(early, to.voidPromise());
        passed();
    }

    @Override
    public void passed() {
        expireIn(timeouts.idle());
    }

    @Override
    public void connecting(Channel channel) {}

    @Override
    public void over() {
        close();
    }

    // The end

    private void refuse(Refusal refusal) {
        if (responding || state == State.CLOSED || state == State.LINGERING) {
            close();
            return;
        }
        traffic().count(refusal.isFailure());
        releaseHead();
        dropBackend();
        leave();
        RequestHead current = request;
        last |= current == null
                || state != State.RESPONSE
                || !refusal.isFailure()
                || traffic().isEnding();
        channel.write(
                refusal.response(channel.alloc(), current != null && current.isToHead(), last), channel.voidPromise());
        next();
    }

    private void dropBackend() {
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
    }

    /** Says that nothing comes any more, and lets the client read what was written before the connection is closed. */
    private void linger() {
        boolean clientDone = ended || (state == State.RESPONSE && incoming.size() == 0);
        state = State.LINGERING;
        incoming.release();
        expireIn(LINGER);
        readMore();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (clientDone || !written.isSuccess()) {
                close();
            } else if (state == State.LINGERING) {
                ((DuplexChannel) channel).shutdownOutput();
            }
        });
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        releaseHead();
        dropBackend();
        incoming.release();
        Relay both = relay;
        if (both != null) {
            both.close();
        }
        channel.close();
        end();
    }

    @Override
    protected void timeIsUp() {
        Channel late = connecting;
        if (late != null) {
            late.close(); // So that another backend is tried.
            return;
        }
        switch (state) {
            case HEAD -> {
                if (inHead || first) {
                    refuse(Refusal.SLOW);
                } else {
                    close();
                }
            }
            case BODY -> refuse(Refusal.SLOW_BODY);
            case RESPONSE -> {
                fail();
                refuse(Refusal.NO_ANSWER);
            }
            case LINGERING, RELAYED, CLOSED -> close();
        }
    }

    @Override
    protected boolean isIdle() {
        return (state == State.HEAD && !inHead) || state == State.LINGERING;
    }

    @Override
    protected void endSoon() {
        if (isIdle()) {
            expireIn(LAST_CHANCE);
        }
    }

    @Override
    protected void cut() {
        if (responding || state != State.RESPONSE) {
            close();
        } else {
            last = true;
            refuse(Refusal.CUT);
        }
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            read((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (state == State.BODY || state == State.RESPONSE) {
                flushBody();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            BackendConnection from = backend;
            if (from != null && channel.isWritable()) {
                from.channel().config().setAutoRead(true);
                expireIn(timeouts.idle());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ended = true;
                boolean complete = state == State.RESPONSE || (state == State.BODY && backend == null);
                if (!complete) {
                    close();
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
