package dewy.proxy.tls;

import dewy.proxy.traffic.Connection;
import dewy.proxy.traffic.LoopConnections;
import dewy.proxy.traffic.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.function.Consumer;

/** A connection that was accepted, until its handshake is over. It has as long as a request may take. */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
final class Handshake extends Connection {
    /** The type of a record with a ClientHello (RFC 8446, section 5.1). */
    private static final int HANDSHAKE = 0x16;

    private static final int LONGEST_HELLO = 32 << 10;
    /** How long a client has to read that it is wrong here. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final LoopConnections connections;
    private final Duration limit;
    private final Channel client;
    private final Consumer<Channel> plain;
    private final Consumer<Channel> next;
    private final ChannelHandler outcome = new Outcome();
    private boolean refused;

    Handshake(Traffic traffic, Channel client, Consumer<Channel> plain, Consumer<Channel> next) {
        this.connections = traffic.on(client.eventLoop());
        this.limit = traffic.settings().timeouts().request();
        this.client = client;
        this.plain = plain;
        this.next = next;
    }

    void begin(Certificates certificates) {
        client.pipeline().addLast(new Hello(certificates), outcome);
        connections.add(this);
        expireIn(limit);
    }

    private void done() {
        connections.remove(this);
        client.pipeline().remove(outcome);
        HalfClose.install(client);
        next.accept(client);
    }

    @Override
    protected void cut() {
        client.close();
    }

    /** Looks who is meant, and has the certificate of that be shown. */
    private final class Hello extends SniHandler {
        private boolean begun;

        Hello(Certificates certificates) {
            super(certificates, LONGEST_HELLO, 0);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (!begun && message instanceof ByteBuf bytes && bytes.isReadable()) {
                begun = true;
                refused = bytes.getByte(bytes.readerIndex()) != HANDSHAKE;
                if (refused) {
                    expireIn(LINGER);
                    plain.accept(client);
                }
            }
            if (refused) {
                ReferenceCountUtil.release(message);
            } else {
                super.channelRead(context, message);
            }
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            SslHandler handler = super.newSslHandler(context, allocator);
            handler.setHandshakeTimeoutMillis(0); // The time is looked after here.
            return handler;
        }
    }

    private final class Outcome extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent end && end.isSuccess()) {
                done();
            } else if (event instanceof SslHandshakeCompletionEvent || event == ChannelInputShutdownEvent.INSTANCE) {
                cut(); // It failed, or the client has gone before it was over.
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            connections.remove(Handshake.this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            cut();
        }
    }
}
