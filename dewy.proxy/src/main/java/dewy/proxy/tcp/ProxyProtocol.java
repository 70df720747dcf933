package dewy.proxy.tcp;

import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Connection;
import dewy.proxy.traffic.LoopConnections;
import dewy.proxy.traffic.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done at the beginning of connections where other proxies say whose they are, or are told. */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
public final class ProxyProtocol {
    private ProxyProtocol() {}

    /**
     * Begins with a connection that was accepted. Where clients announce theirs, a header is read before anything else, and a
     * connection that begins otherwise is closed.
     *
     * @param next is given the channel then, with what arrived behind the header still to come
     */
    public static void begin(Traffic traffic, Channel client, Consumer<Channel> next) {
        if (!traffic.settings().announced().byClients()) {
            next.accept(client);
            return;
        }
        LoopConnections connections = traffic.on(client.eventLoop());
        Awaited awaited = new Awaited(connections, client, next);
        client.pipeline().addLast(awaited.handler);
        connections.add(awaited);
        awaited.expireWithin(traffic.settings().timeouts().request());
    }

    /** Returns a handler for the channel to a backend that tells it, before anything else, whose connection it is. */
    public static ChannelHandler announcing(Channel client) {
        return new Announcement(client);
    }

    /** Whoever waits for the connection may write before all handlers know that it is there. */
    private static final class Announcement extends ChannelDuplexHandler {
        private final Channel client;

        Announcement(Channel client) {
            this.client = client;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            announce(context);
            context.flush();
            context.fireChannelActive();
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            announce(context);
            context.write(message, promise);
        }

        private void announce(ChannelHandlerContext context) {
            if (!context.isRemoved()) {
                context.write(ProxyHeader.write(context.alloc(), Channels.addressOf(client), client.localAddress()));
                context.pipeline().remove(this);
            }
        }
    }

    private static final class Awaited extends Connection {
        private final LoopConnections connections;
        private final Channel client;
        private final Consumer<Channel> next;
        private final ChannelHandler handler = new Handler();
        private @Nullable ByteBuf arrived;

        Awaited(LoopConnections connections, Channel client, Consumer<Channel> next) {
            this.connections = connections;
            this.client = client;
            this.next = next;
        }

        void expireWithin(Duration limit) {
            expireIn(limit);
        }

        private void read(ByteBuf part) {
            ByteBuf before = arrived;
            if (before == null) {
                arrived = part;
            } else {
                arrived = before.writeBytes(part);
                part.release();
            }
            ProxyHeader header;
            try {
                header = ProxyHeader.parse(arrived);
            } catch (IllegalArgumentException e) {
                cut();
                return;
            }
            if (header.length() > 0) {
                header.client().ifPresent(address -> Channels.setAddressOf(client, address));
                goOn(arrived.skipBytes(header.length()));
            }
        }

        private void goOn(ByteBuf rest) {
            arrived = null;
            connections.remove(this);
            client.pipeline().remove(handler);
            next.accept(client);
            if (rest.isReadable()) {
                client.pipeline().fireChannelRead(rest).fireChannelReadComplete();
            } else {
                rest.release();
            }
        }

        @Override
        protected void cut() {
            client.close();
        }

        private final class Handler extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                read((ByteBuf) message);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                cut(); // The end came before the header did.
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                connections.remove(Awaited.this);
                ByteBuf before = arrived;
                arrived = null;
                if (before != null) {
                    before.release();
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                cut();
            }
        }
    }
}
