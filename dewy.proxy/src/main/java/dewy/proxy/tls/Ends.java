package dewy.proxy.tls;

import dewy.proxy.traffic.Channels;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * How a channel is ended, one direction or both: with TLS there is an end of its own in each direction, {@code close_notify},
 * without which what was received may not be all. Whatever is closed in the usual way is ended by it as well.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
public final class Ends {
    private Ends() {}

    /** Returns whether what comes on a channel is encrypted. */
    public static boolean isEncrypted(Channel channel) {
        return tls(channel) != null;
    }

    private static @Nullable SslHandler tls(Channel channel) {
        return channel.pipeline().get(SslHandler.class);
    }

    /** Returns whether an event says that nothing more arrives on a channel. */
    public static boolean isOfInput(Object event) {
        return event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS;
    }

    /** Says that nothing more is written, once all of it was; what the other side writes arrives still. */
    public static void shutOutput(Channel channel) {
        SslHandler tls = tls(channel);
        if (tls == null) {
            Channels.shutOutput(channel);
        } else {
            tls.closeOutbound().addListener(said -> Channels.shutOutput(channel));
        }
    }

    /** Closes a channel at once, without saying to the other side that what it got is all. */
    public static void breakOff(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.close();
        } else {
            tls.close(); // From there on, where TLS does not get to say that it is the end.
        }
    }
}
