package dewy.proxy.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dewy.proxy.traffic.TrafficSettings.Check;
import dewy.proxy.traffic.TrafficSettings.Mode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Asks all backends in the set again and again whether they are well, each on a connection of its own, on one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // What cannot be written or closed is told to the handlers.
final class HealthChecks {
    private static final int STATUS_LENGTH = "HTTP/1.1 200".length();

    private final Backends backends;
    private final Check check;
    private final boolean http;
    private final BooleanSupplier over;

    HealthChecks(Backends backends, Check check, Mode mode, BooleanSupplier over) {
        this.backends = backends;
        this.check = check;
        this.http = mode == Mode.HTTP;
        this.over = over;
    }

    void runOn(EventLoop loop) {
        if (over.getAsBoolean()) {
            return;
        }
        for (Target target : backends.inTheSet()) {
            new Question(target).ask(loop);
        }
        loop.schedule(() -> runOn(loop), check.interval().toNanos(), TimeUnit.NANOSECONDS);
    }

    private final class Question extends ChannelInboundHandlerAdapter {
        private final Target target;
        private final StringBuilder answer = new StringBuilder();
        private boolean answered;

        Question(Target target) {
            this.target = target;
        }

        void ask(EventLoop loop) {
            ChannelFuture connect = Channels.connect(loop, target, this);
            ScheduledFuture<?> limit = loop.schedule(
                    () -> connect.channel().close(), check.interval().toNanos(), TimeUnit.NANOSECONDS);
            connect.channel().closeFuture().addListener(closed -> {
                limit.cancel(false);
                answered(false);
            });
        }

        private void answered(boolean good) {
            if (!answered) {
                answered = true;
                target.wellness().checked(check, good);
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (!http) {
                answered(true);
                context.close();
                return;
            }
            String request = "GET " + check.path() + " HTTP/1.1\r\nHost: " + target.host()
                    + "\r\nUser-Agent: dewy\r\nConnection: close\r\n\r\n";
            ByteBuf bytes = context.alloc().directBuffer(request.length());
            bytes.writeCharSequence(request, US_ASCII);
            context.writeAndFlush(bytes);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            answer.append(((ByteBuf) message).toString(US_ASCII));
            ReferenceCountUtil.release(message);
            if (answer.length() >= STATUS_LENGTH) {
                answered(answer.toString().matches("(?s)HTTP/1\\.[01] [23]\\d\\d.*"));
                context.close();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            context.close(); // The end came before a status.
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
