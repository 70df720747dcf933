package dewy.proxy.plane;

import dewy.proxy.traffic.Traffic;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A listener that accepts, and what passes through it.
 *
 * @param channel has a duplicate of the listening socket of its own
 */
record Door(Channel channel, Traffic traffic) {
    /**
     * Begins soon to accept from a listening socket, which others accept from as well until they close their duplicates.
     *
     * @param descriptor belongs to the door from now on
     */
    static Door open(int descriptor, boolean isUnix, Traffic traffic, EventLoopGroup loops) {
        Channel channel = new ServerBootstrap()
                .group(loops)
                .channelFactory(() -> isUnix
                        ? new EpollServerDomainSocketChannel(descriptor)
                        : new EpollServerSocketChannel(descriptor))
                .childHandler(traffic.accepted())
                .register()
                .channel();
        return new Door(channel, traffic);
    }

    private static void complete(CompletableFuture<Void> end, CompletableFuture<Void> by) {
        CompletableFuture<Void> unused = by.whenComplete((none, e) -> end.complete(null));
    }

    /** Completes when it accepts nothing any more. */
    CompletableFuture<Void> closed() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        ChannelFuture unused = channel.closeFuture().addListener(done -> closed.complete(null));
        return closed;
    }

    /** Accepts nothing any more; completes when all that was accepted is over, or was cut at the limit. */
    CompletableFuture<Void> close(Duration limit) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        ChannelFuture unused = channel.close().addListener(closed -> complete(end, traffic.drainAll(limit)));
        return end;
    }
}
