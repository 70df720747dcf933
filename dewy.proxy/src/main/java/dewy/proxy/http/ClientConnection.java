package dewy.proxy.http;

import dewy.proxy.http.RequestHead.Described;
import dewy.proxy.tcp.ChannelLink;
import dewy.proxy.tcp.TcpConnection;
import dewy.proxy.tls.Ends;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Connection;
import dewy.proxy.traffic.LoopConnections;
import dewy.proxy.traffic.Traffic;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: its requests are read one after the other, and each is the beginning of an {@link Exchange}. Used by
 * its event loop alone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
final class ClientConnection extends Connection {
    private static final int MOST_KEPT = 64 << 10;
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(1);
    private static final int MOST_RECORDED = 2048;

    private enum State {
        /** A header section is to come. */
        HEAD,
        /** A request is there for which no app is, as long as one may be about to come. */
        WAITING,
        /** The body of a request is to come. */
        BODY,
        /** All of the request is there, and the response is not over. */
        RESPONSE,
        /** The response is over, but the client has not taken all of it. */
        SENDING,
        /** The rest of what arrives is of no interest: an answer was given before it. */
        LINGERING,
        /** Relayed as it is, which is no matter of this one any more. */
        RELAYED,
        CLOSED
    }

    private final Traffic traffic;
    private final LoopConnections connections;
    private final Channel channel;
    private final Timeouts timeouts;
    private final Handler handler = new Handler();
    private final Incoming incoming = new Incoming();
    private final Body body = new Body();
    private final HttpListener listener;
    private final Arrival arrival;
    private Exchange exchange;
    private @Nullable Forwarding forwarding;
    private State state = State.HEAD;
    /** Whether no request was read yet: it may be another protocol. */
    private boolean first = true;
    /** Whether a part of a header section has arrived. */
    private boolean inHead;
    /** Whether some of a body was passed on since it was seen to that the backend gets it. */
    private boolean unflushed;
    /** Whether the client will send nothing more. */
    private boolean ended;
    /** Whether the connection is closed after the response. */
    private boolean last;

    ClientConnection(Traffic traffic, HttpListener listener, Channel channel) {
        this.traffic = traffic;
        this.connections = traffic.on(channel.eventLoop());
        this.channel = channel;
        this.timeouts = traffic.settings().timeouts();
        this.listener = listener;
        this.arrival = new Arrival(traffic, listener, channel.eventLoop(), this::retry);
        this.exchange = listener.exchange(this);
    }

    ChannelHandler handler() {
        return handler;
    }

    Channel channel() {
        return channel;
    }

    void open() {
        connections.add(this);
        arrival.begin();
        expireIn(timeouts.request());
    }

    // What the client sends

    private void read(ByteBuf arrived) {
        incoming.add(arrived);
        pass();
        if (incoming.size() > MOST_KEPT) {
            channel.config().setAutoRead(false);
        }
    }

    private void pass() {
        try {
            boolean more = true;
            while (more && incoming.size() > 0) {
                more = switch (state) {
                    case HEAD -> readHead();
                    case BODY -> passBody();
                    case WAITING, RESPONSE -> false;
                    case SENDING -> last && drop();
                    case LINGERING, RELAYED, CLOSED -> drop();
                };
            }
        } catch (Malformed e) {
            refuse(Refusal.of(e));
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
            arrival.begin();
            expireIn(timeouts.request());
        }
        inHead = true;
        int length = incoming.findHead(traffic.settings().headerLimit());
        if (length < 0) {
            return false;
        }
        ByteBuf bytes = incoming.bytes();
        int start = bytes.readerIndex();
        RequestHead request = readHead(bytes, length);
        Optional<HttpListener> found = listener.find(request);
        if (found.isEmpty() && waitForApp(() -> listener.find(request).isPresent())) {
            bytes.readerIndex(start);
            return false;
        }
        incoming.clean();
        begin(request, found);
        return true;
    }

    private static RequestHead readHead(ByteBuf bytes, int length) throws Malformed {
        int start = bytes.readerIndex();
        try {
            Fields fields = Fields.ofThread();
            fields.read(bytes, length);
            return RequestHead.parse(fields);
        } catch (Malformed e) {
            bytes.readerIndex(start); // It is recorded.
            throw e;
        }
    }

    private void begin(RequestHead request, Optional<HttpListener> found) {
        first = false;
        inHead = false;
        last = !request.keepsAlive();
        body.begin(request.length());
        state = body.isDone() ? State.RESPONSE : State.BODY;
        expireNever();
        if (found.isEmpty()) {
            arrival.refused(Refusal.UNKNOWN, request.described(), forwarding());
            answer(Refusal.UNKNOWN, request.isToHead());
            return;
        }
        if (!found.get().isOf(exchange)) {
            exchange = found.get().exchange(this);
        }
        exchange.begin(request, request.passedOn(channel.alloc(), forwarding()));
    }

    /** Returns whether what has arrived is to be looked at again, since there is no app for it yet. */
    private boolean waitForApp(BooleanSupplier isThere) {
        long patience = arrival.waitForApp(isThere);
        if (patience > 0) {
            state = State.WAITING;
            expireIn(patience);
        }
        return patience > 0;
    }

    private void retry() {
        if (state == State.WAITING) {
            state = State.HEAD;
            passKept();
        }
    }

    Forwarding forwarding() {
        Forwarding known = forwarding;
        if (known == null) {
            known = Forwarding.of(channel);
            forwarding = known;
        }
        return known;
    }

    /** Returns whether some of it was passed on. */
    private boolean passBody() throws Malformed {
        if (!exchange.takesBody()) {
            return false;
        }
        ByteBuf part = body.passOn(incoming);
        if (part == null) {
            return false;
        }
        exchange.send(part);
        unflushed = true;
        if (body.isDone()) {
            state = State.RESPONSE;
        }
        return true;
    }

    /** There is a backend now for what has arrived. */
    void sendBody() {
        if (state == State.BODY) {
            pass();
        }
        if (state == State.BODY && ended) { // The rest will never come.
            close();
            return;
        }
        flushBody();
        readMore();
    }

    /** Has the backend get what was passed on, and reads no more as long as it does not take that. */
    void flushBody() {
        unflushed = false;
        if ((state == State.BODY || state == State.RESPONSE) && !exchange.flush(state == State.RESPONSE)) {
            channel.config().setAutoRead(false);
        }
    }

    /** Reads on, unless there is too much already that nobody wants yet. */
    void readMore() {
        if (incoming.size() <= MOST_KEPT) {
            channel.config().setAutoRead(true);
        }
    }

    boolean hasSentAll() {
        return state == State.RESPONSE;
    }

    // Other protocols

    /** Whatever it speaks, it is not HTTP/1: the backend is to find out. */
    private void relayAll() throws Malformed {
        Optional<Traffic> to = listener.ofOtherProtocols();
        if (to.isEmpty()) {
            if (waitForApp(() -> listener.ofOtherProtocols().isPresent())) {
                return;
            }
            throw new Malformed("it is of another protocol");
        }
        ChannelLink link = new ChannelLink(channel);
        ByteBuf all = relay(link.ofClient());
        new TcpConnection(to.get(), to.get().on(channel.eventLoop()), link).begin();
        channel.pipeline().fireChannelRead(all).fireChannelReadComplete();
    }

    /** Leaves the channel to another handler, and returns what has arrived for that. */
    ByteBuf relay(ChannelHandler other) {
        ByteBuf early = incoming.size() > 0 ? incoming.take(incoming.size()) : Unpooled.EMPTY_BUFFER;
        state = State.RELAYED;
        connections.remove(this);
        channel.flush();
        channel.pipeline().replace(handler, null, other);
        channel.config().setAutoRead(true);
        return early;
    }

    // What the client gets

    /** Returns whether the connection is closed after the response that begins. */
    boolean isLast(boolean endsByClose) {
        last |= endsByClose || state == State.BODY || (ended && incoming.size() == 0) || isEnding();
        return last;
    }

    private boolean isEnding() {
        return traffic.isEnding();
    }

    /**
     * The response was written; there may be another request. It is not looked at before the client has taken the response, or
     * somebody who only asks could fill the memory.
     */
    void answered() {
        boolean clientDone = ended || (state == State.RESPONSE && incoming.size() == 0);
        channel.flush();
        if (!last && Channels.hasSentAll(channel)) {
            awaitNext();
            return;
        }
        state = State.SENDING;
        if (last) {
            incoming.release();
            readMore();
        }
        expireIn(timeouts.idle());
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (state == State.SENDING && written.isSuccess()) {
                sent(clientDone);
            } else {
                close();
            }
        });
    }

    private void sent(boolean clientDone) {
        if (!last) {
            awaitNext();
        } else if (clientDone) {
            close();
        } else {
            linger();
        }
    }

    private void awaitNext() {
        state = State.HEAD;
        expireIn(isEnding() ? LAST_CHANCE : timeouts.keepAlive());
        if (incoming.size() > 0) {
            channel.eventLoop().execute(this::passKept); // Not from here, since that may come here again.
        } else if (ended) {
            close();
        } else {
            readMore();
        }
    }

    private void passKept() {
        pass();
        flushBody();
        if (state == State.HEAD && ended) {
            close();
        }
        readMore();
    }

    private void refuse(Refusal refusal) {
        if (exchange.isUnderWay()) {
            exchange.refuse(refusal);
            return;
        }
        arrival.refused(refusal, new Described(incoming.firstLine(MOST_RECORDED), ""), forwarding());
        answer(refusal, false);
    }

    /** Gives an answer of the proxy itself, to a request that may not be there as a whole. */
    void answer(Refusal refusal, boolean toHead) {
        last |= state != State.RESPONSE || isEnding();
        channel.write(refusal.response(channel.alloc(), toHead, last), channel.voidPromise());
        answered();
    }

    /** Says that nothing comes any more, and lets the client read what was written before the connection is closed. */
    private void linger() {
        state = State.LINGERING;
        expireIn(LINGER);
        Ends.shutOutput(channel);
    }

    /** What was sent already cannot be taken back; that it is not all is told by a reset. */
    void abort() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        Ends.breakOff(channel);
        close();
    }

    void close() {
        if (state == State.CLOSED) {
            return;
        }
        arrival.waitNoMore();
        state = State.CLOSED;
        exchange.abandon();
        incoming.release();
        connections.remove(this);
        channel.close();
    }

    @Override
    protected void expired() {
        if (state == State.WAITING) {
            arrival.waitNoMore();
            retry();
        } else if (state == State.HEAD && (inHead || first)) {
            refuse(Refusal.SLOW);
        } else if (state == State.SENDING) {
            abort();
        } else {
            close();
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
        close();
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            read((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (unflushed) {
                flushBody();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (channel.isWritable() && state == State.SENDING) {
                expireIn(timeouts.idle());
            } else if (channel.isWritable()) {
                exchange.clientWritable();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (Ends.isOfInput(event) && !ended) {
                ended = true;
                if (state == State.HEAD) {
                    passKept(); // A request may be there that was not looked at since the answer before it.
                }
                boolean complete = state == State.RESPONSE
                        || state == State.SENDING
                        || state == State.WAITING
                        || (state == State.BODY && !exchange.takesBody());
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
