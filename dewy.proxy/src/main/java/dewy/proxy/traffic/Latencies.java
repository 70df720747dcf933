package dewy.proxy.traffic;

import dewy.api.proxy.Latency;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts durations, in the same little memory whatever comes. Safe for use by several threads, without a lock. */
final class Latencies {
    private final AtomicLongArray counts = new AtomicLongArray(Latency.BUCKETS);

    void count(long nanos) {
        counts.incrementAndGet(Latency.bucket(nanos));
    }

    Latency read() {
        long[] now = new long[Latency.BUCKETS];
        for (int bucket = 0; bucket < now.length; bucket++) {
            now[bucket] = counts.get(bucket);
        }
        return Latency.of(now);
    }
}
