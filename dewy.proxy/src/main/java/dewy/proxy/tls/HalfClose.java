package dewy.proxy.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.lang.reflect.Field;
import java.util.Optional;

/**
 * Lets a client end its side of a connection and still be answered, as <a
 * href="https://www.rfc-editor.org/rfc/rfc8446#section-6.1">RFC 8446</a> says, where BoringSSL is used: by itself, Netty ends
 * both sides when it reads that a client has ended its own, and what was to be written is lost. It does so unless it has taken
 * note of that before; so here it is given to understand that it has, and the state of BoringSSL is looked at instead.
 */
final class HalfClose extends ChannelInboundHandlerAdapter {
    private static final Optional<Field> NOTED = noted();

    private final ReferenceCountedOpenSslEngine engine;

    private HalfClose(ReferenceCountedOpenSslEngine engine) {
        this.engine = engine;
    }

    private static Optional<Field> noted() {
        try {
            Field noted = ReferenceCountedOpenSslEngine.class.getDeclaredField("receivedShutdown");
            noted.setAccessible(true);
            return Optional.of(noted);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty(); // In another version of Netty both sides are ended.
        }
    }

    /** Has a channel do so whose handshake is over. */
    static void install(Channel client) {
        ChannelHandlerContext tls = client.pipeline().context(SslHandler.class);
        if (NOTED.isPresent()
                && ((SslHandler) tls.handler()).engine() instanceof ReferenceCountedOpenSslEngine engine
                && note(engine)) {
            client.pipeline().addAfter(tls.name(), null, new HalfClose(engine));
        }
    }

    private static boolean note(ReferenceCountedOpenSslEngine engine) {
        try {
            NOTED.orElseThrow().setBoolean(engine, true);
            return true;
        } catch (IllegalAccessException e) {
            return false;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        long ssl = engine.sslPointer();
        if (ssl != 0 && (SSL.getShutdown(ssl) & SSL.SSL_RECEIVED_SHUTDOWN) != 0) {
            context.pipeline().addFirst(new Nothing()).remove(this);
            context.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        }
        context.fireChannelReadComplete();
    }

    /** Drops what arrives behind the end, which nobody would read. */
    private static final class Nothing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
