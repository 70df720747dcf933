package dewy.proxy.plane;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes listening sockets that the agent passes, one with each connection: a byte that carries the descriptor, then its name.
 * Safe for use by several threads.
 */
final class PassedSockets {
    private static final int LONGEST_NAME = 256;

    private final Map<String, FileDescriptor> passed;

    private PassedSockets(Map<String, FileDescriptor> passed) {
        this.passed = passed;
    }

    static PassedSockets listen(Path socket, EventLoopGroup loops) throws InterruptedException {
        Map<String, FileDescriptor> passed = new HashMap<>();
        Channel unused = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel channel) {
                        // One message: what is behind the descriptor is to be read as bytes.
                        channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
                        channel.config()
                                .setRecvByteBufAllocator(
                                        new FixedRecvByteBufAllocator(LONGEST_NAME).maxMessagesPerRead(1));
                        channel.pipeline().addLast(new Receiver(channel, passed));
                    }
                })
                .bind(new DomainSocketAddress(socket.toString()))
                .sync()
                .channel();
        return new PassedSockets(passed);
    }

    /**
     * Returns the descriptor that was passed under a name, which belongs to the caller from now on; it may be on its way yet.
     */
    int take(String name, long limitMillis) throws WrongQuestion, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        synchronized (passed) {
            for (long left = 1; !passed.containsKey(name) && left > 0; ) {
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                passed.wait(Math.max(left, 1));
            }
            FileDescriptor descriptor = passed.remove(name);
            if (descriptor == null) {
                throw new WrongQuestion(name, "its socket did not come", "Try again");
            }
            return descriptor.intValue();
        }
    }

    /** Closes a descriptor that was taken. */
    static void close(int descriptor) {
        try {
            new FileDescriptor(descriptor).close();
        } catch (IOException e) {
            PlaneLog.tell("cannot close descriptor " + descriptor, e);
        }
    }

    /** What comes with one connection. */
    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final EpollDomainSocketChannel channel;
        private final Map<String, FileDescriptor> passed;
        private final StringBuilder name = new StringBuilder();
        private @Nullable FileDescriptor descriptor;

        Receiver(EpollDomainSocketChannel channel, Map<String, FileDescriptor> passed) {
            this.channel = channel;
            this.passed = passed;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof FileDescriptor socket) {
                descriptor = socket;
                channel.config().setReadMode(DomainSocketReadMode.BYTES);
            } else if (message instanceof ByteBuf bytes) {
                name.append(bytes.toString(StandardCharsets.US_ASCII));
                bytes.release();
                if (name.length() > LONGEST_NAME) {
                    ChannelFuture unused = context.close();
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws IOException {
            FileDescriptor socket = descriptor;
            if (socket == null) {
                return;
            }
            if (name.length() > LONGEST_NAME) {
                socket.close();
                return;
            }
            synchronized (passed) {
                FileDescriptor before = passed.put(name.toString(), socket);
                if (before != null) {
                    before.close();
                }
                passed.notifyAll();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ChannelFuture unused = context.close();
        }
    }
}
