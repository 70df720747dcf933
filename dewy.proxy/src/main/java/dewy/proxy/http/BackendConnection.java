package dewy.proxy.http;

import dewy.proxy.tcp.ProxyProtocol;
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Connection;
import dewy.proxy.traffic.Target;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a backend, which serves one exchange after the other: it reads the responses, and tells the exchange. Used
 * by its event loop alone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
final class BackendConnection extends Connection {
    private static final int COPIED = 4096;

    private final Target target;
    private final BackendPool pool;
    private final int headerLimit;
    private final Handler handler = new Handler();
    private final Incoming incoming = new Incoming();
    private final Body body = new Body();
    private @Nullable Channel channel;
    private @Nullable Exchange exchange;
    private boolean inBody;
    private boolean plain;
    private boolean keepsAlive;
    private boolean silent;
    private boolean used;

    BackendConnection(Target target, BackendPool pool, int headerLimit) {
        this.target = target;
        this.pool = pool;
        this.headerLimit = headerLimit;
    }

    ChannelFuture open(Channel client) {
        EventLoop loop = client.eventLoop();
        ChannelFuture connect = pool.isShared()
                ? Channels.connect(loop, target, handler)
                : Channels.connect(loop, target, ProxyProtocol.announcing(client), handler);
        channel = connect.channel();
        return connect;
    }

    /** Returns whether it served an exchange before, so that the backend may have closed it. */
    boolean isUsed() {
        return used;
    }

    /** Asks the system whether the backend has not closed it, of which an event may be on its way. */
    boolean isAlive() {
        return Channels.isEstablished(channel());
    }

    /** Has it serve an exchange: what is written is a request, and what arrives is the response to it. */
    void begin(Exchange next) {
        exchange = next;
        silent = true;
        inBody = false;
        keepsAlive = false;
    }

    /** The exchange is over, well or not: what can serve another one is kept for it. */
    void release(boolean well, Duration keepAlive) {
        exchange = null;
        Channel open = channel();
        if (well && keepsAlive && pool.isShared() && incoming.size() == 0 && open.isActive() && !target.isDraining()) {
            used = true;
            open.config().setAutoRead(true);
            expireIn(keepAlive);
            pool.add(target, this);
        } else {
            open.close();
        }
    }

    /** Returns how many bytes of the body of a response were passed on. */
    long passed() {
        return body.taken();
    }

    Channel channel() {
        Channel some = channel;
        if (some == null) {
            throw new IllegalStateException("it was not opened");
        }
        return some;
    }

    private void read(ByteBuf arrived) throws Malformed {
        Exchange current = exchange;
        if (current == null) { // Nobody asked: it is of no use any more.
            arrived.release();
            channel().close();
            return;
        }
        silent = false;
        incoming.add(arrived);
        while (incoming.size() > 0 && exchange == current) {
            if (!(inBody ? passBody(current) : readHead(current))) {
                return;
            }
            if (inBody && body.isDone() && exchange == current) {
                current.responded();
                incoming.release();
                return;
            }
        }
    }

    /** Returns whether there was one. */
    private boolean readHead(Exchange current) throws Malformed {
        int length = incoming.findHead(headerLimit);
        if (length < 0) {
            return false;
        }
        Fields fields = Fields.ofThread();
        fields.read(incoming.bytes(), length);
        incoming.clean();
        RequestHead request = current.request();
        ResponseHead head = ResponseHead.parse(fields, request);
        if (head.isInterim()) {
            if (!request.isOld()) {
                current.write(head.passedOn(channel().alloc(), request, false, 0));
            }
            return true;
        }
        if (head.status() == 101) {
            upgrade(current, head, request);
            return true;
        }
        inBody = true;
        plain = request.isOld() && head.length() == Body.CHUNKED;
        keepsAlive = head.keepsAlive();
        body.begin(head.length());
        boolean last = current.respond(head, plain || head.length() == Body.UNTIL_CLOSE);
        int copied = plain || incoming.size() > COPIED ? 0 : incoming.size();
        ByteBuf out = head.passedOn(channel().alloc(), request, last, copied);
        try {
            if (copied > 0) {
                ByteBuf bytes = incoming.bytes();
                out.writeBytes(bytes, body.take(bytes, null));
                incoming.clean();
            }
        } finally {
            current.write(out);
        }
        return true;
    }

    private void upgrade(Exchange current, ResponseHead head, RequestHead request) throws Malformed {
        if (!request.isUpgrade()) {
            throw new Malformed("it changes to a protocol that nobody asked for");
        }
        exchange = null;
        current.write(head.passedOn(channel().alloc(), request, false, 0));
        if (incoming.size() > 0) {
            current.write(incoming.take(incoming.size()));
        }
        current.upgrade(channel(), handler);
    }

    /** Returns whether some of it was passed on, or all of it was there. */
    private boolean passBody(Exchange current) throws Malformed {
        if (plain && !body.isAtTrailers()) {
            passData(current);
            return true;
        }
        ByteBuf part = body.passOn(incoming);
        if (part == null) {
            return false;
        }
        if (plain) {
            part.release(); // Who knows no chunks knows no trailers.
        } else {
            current.write(part);
        }
        return true;
    }

    private void passData(Exchange current) throws Malformed {
        ByteBuf bytes = incoming.bytes();
        ByteBuf data = channel().alloc().directBuffer(bytes.readableBytes());
        try {
            bytes.skipBytes(body.take(bytes, data));
            incoming.clean();
        } finally {
            current.write(data);
        }
    }

    /** Returns whether what ended was a response that has no other end. */
    private boolean isComplete() {
        return inBody && body.isUntilClose();
    }

    @Override
    protected Target target() {
        return target;
    }

    @Override
    protected boolean isIdle() {
        return true; // Only those in the pool are listed.
    }

    @Override
    protected void cut() {
        channel().close();
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                read((ByteBuf) message);
            } catch (Malformed e) {
                Exchange current = exchange;
                exchange = null;
                if (current != null) {
                    current.lost(Refusal.ofResponse(e), false);
                }
                context.close();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            Exchange current = exchange;
            if (current != null) {
                current.flush();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            Exchange current = exchange;
            if (current != null && context.channel().isWritable()) {
                current.backendWritable();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                Exchange current = exchange;
                if (current != null && isComplete()) {
                    current.responded();
                }
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            pool.remove(target, BackendConnection.this);
            incoming.release();
            Exchange current = exchange;
            exchange = null;
            if (current != null) {
                current.lost(Refusal.LOST, silent);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
