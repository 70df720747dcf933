package dewy.proxy.traffic;

import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Admission;
import dewy.api.route.Backend;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HoldTest {
    private static final int TIMES = 20_000;
    private static final Backend BACKEND = Backend.of("one", new ListeningAddress("127.0.0.1", 1));

    private final Traffic traffic = new Traffic(TrafficSettings.of(TrafficSettings.Mode.TCP));

    /** It gets to the backend, or waits. */
    private final class Arriving extends Dispatch {
        private final CountDownLatch there;

        Arriving(EventLoop loop, CountDownLatch there) {
            super(traffic, traffic.on(loop));
            this.there = there;
        }

        void begin() {
            connections().add(this);
            dispatch();
        }

        @Override
        protected void reach(Target backend) {
            end();
            there.countDown();
        }

        @Override
        protected void shut(Admission maintenance) {}

        @Override
        protected void refused() {}

        @Override
        protected void timeIsUp() {}

        @Override
        protected boolean isIdle() {
            return false;
        }

        @Override
        protected void endSoon() {}

        @Override
        protected void cut() {}
    }

    @Test
    void forgetsNothingThatArrivesWhenTheFirstBackendDoes() throws Exception {
        EventLoop loop = new DefaultEventLoop();
        try {
            for (int i = 0; i < TIMES; i++) {
                traffic.route(List.of());
                CountDownLatch there = new CountDownLatch(1);
                loop.execute(() -> new Arriving(loop, there).begin());
                traffic.route(List.of(BACKEND));
                if (!there.await(10, TimeUnit.SECONDS)) {
                    throw new AssertionError("it waits still, the " + i + "th time");
                }
            }
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        }
    }
}
