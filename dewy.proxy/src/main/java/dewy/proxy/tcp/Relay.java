package dewy.proxy.tcp;

import dewy.proxy.tls.Ends;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Two connections on one event loop, each of which gets what arrives on the other, until both have ended: what is closed in
 * one direction stays open in the other. Used by its event loop alone.
 *
 * <p>What arrives while the other connection is still made is kept. Nothing is read from a side as long as the other one does
 * not take what was read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
public final class Relay {
    private static final int MOST_KEPT = 64 << 10;

    private final Listener listener;
    private final Side first;
    private final Side second;
    private long toFirst;
    private boolean over;

    /** Is told what happens on a relay. */
    public interface Listener {
        /** Something passed, in whatever direction. */
        void passed();

        /** So many bytes are passed on, in whatever direction. */
        void transferred(int length);

        /** The second connection is being made. */
        default void connecting(Channel channel) {}

        /** Both connections are closed, or are about to be. Called once. */
        void over();
    }

    public Relay(Channel client, Listener listener) {
        this.listener = listener;
        this.first = new Side();
        this.second = new Side();
        first.channel = client;
    }

    /** Returns the handler of the first channel. */
    public ChannelHandler ofFirst() {
        return first;
    }

    /** Returns the handler of the second channel; of the next one, when the one before could not be connected. */
    public ChannelHandler ofSecond() {
        second.channel = null;
        return second;
    }

    /** Returns how many bytes were passed to the first channel. */
    long toFirst() {
        return toFirst;
    }

    boolean isOver() {
        return over;
    }

    /** Closes both connections at once. */
    public void close() {
        if (over) {
            return;
        }
        over = true;
        first.close(second.failed);
        second.close(false);
        listener.over();
    }

    private Side other(Side side) {
        return side == first ? second : first;
    }

    /** One of both, with what has arrived on it. */
    private final class Side extends ChannelInboundHandlerAdapter {
        @Nullable
        Channel channel;
        /** Whether it can be written to. */
        boolean connected;
        /** What arrived before the other one was connected. */
        private final Queue<ByteBuf> kept = new ArrayDeque<>(0);

        private int keptBytes;
        private boolean ended;
        private boolean failed;
        private boolean shutting;
        /** Whether all that is ever written here was. */
        private boolean done;

        /** The second side is that of one channel after the other, until one is connected. */
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
            connected = channel.isActive();
            if (!connected && this == second) {
                listener.connecting(channel);
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connected = true;
            other(this).passKept();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Side to = other(this);
            if (over) {
                ReferenceCountUtil.release(message);
            } else if (to.connected && to.channel != null) {
                to.write(to.channel, (ByteBuf) message);
                if (!to.channel.isWritable()) { // Much is sent at once, before more is read.
                    flushTo(to.channel, context.channel());
                }
            } else {
                keep(context, (ByteBuf) message);
            }
        }

        private void write(Channel own, ByteBuf message) {
            int length = message.readableBytes();
            toFirst += this == first ? length : 0;
            listener.transferred(length);
            own.write(message, own.voidPromise());
        }

        private void keep(ChannelHandlerContext context, ByteBuf message) {
            kept.add(message);
            keptBytes += message.readableBytes();
            if (keptBytes > MOST_KEPT) {
                context.channel().config().setAutoRead(false);
            }
        }

        private void passKept() {
            Channel to = other(this).channel;
            if (channel == null || to == null) {
                return;
            }
            boolean any = !kept.isEmpty();
            for (ByteBuf message = kept.poll(); message != null; message = kept.poll()) {
                other(this).write(to, message);
            }
            if (any) {
                to.flush();
            }
            keptBytes = 0;
            channel.config().setAutoRead(to.isWritable());
            if (ended) {
                other(this).shutOutput();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            Channel to = other(this).channel;
            if (to == null || !other(this).connected || over) {
                return;
            }
            flushTo(to, context.channel());
            listener.passed();
        }

        private void flushTo(Channel to, Channel from) {
            to.flush();
            if (!to.isWritable()) {
                from.config().setAutoRead(false);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            Channel from = other(this).channel;
            if (from != null && context.channel().isWritable()) {
                listener.passed();
                from.config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (Ends.isOfInput(event)) {
                ended = true;
                if (other(this).connected) {
                    other(this).shutOutput();
                }
            }
        }

        /** Ends what is written here, once all of it is. When both directions have ended, to close is enough. */
        private void shutOutput() {
            Channel to = channel;
            if (to == null || shutting) {
                return;
            }
            shutting = true;
            to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                done = true;
                if (!written.isSuccess() || other(this).done) {
                    Relay.this.close();
                } else {
                    Ends.shutOutput(to);
                    // The end of what arrives is the end of the connection from now on, without a step in between.
                    to.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
                }
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (connected && done && !failed) {
                ended = true;
                other(this).shutOutput();
            } else if (connected) {
                Relay.this.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failed = true;
            context.close();
        }

        private void close(boolean unfinished) {
            for (ByteBuf message = kept.poll(); message != null; message = kept.poll()) {
                message.release();
            }
            if (channel != null && unfinished) {
                Ends.breakOff(channel);
            } else if (channel != null) {
                channel.close();
            }
        }
    }
}
