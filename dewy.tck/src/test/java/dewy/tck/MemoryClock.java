package dewy.tck;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The time of a server, and that of its hosts, whose clocks began elsewhere. */
final class MemoryClock {
    private final AtomicLong server = new AtomicLong();
    private final AtomicLong hosts = new AtomicLong(Long.MAX_VALUE - 1_000_000_000);

    long server() {
        return server.get();
    }

    long hosts() {
        return hosts.get();
    }

    void advance(Duration time) {
        hosts.addAndGet(time.toNanos());
        advanceServer(time);
    }

    /** Has time pass while the hosts are suspended. */
    void advanceServer(Duration time) {
        server.addAndGet(time.toNanos());
    }
}
