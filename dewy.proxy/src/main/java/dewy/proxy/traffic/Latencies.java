package dewy.proxy.traffic;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * Counts durations in buckets whose bounds are fixed, so that it takes the same little memory whatever comes, and can be
 * summed over backends and listeners: four buckets to each power of two, from 16 µs to over an hour. Safe for use by several
 * threads, without a lock.
 */
public final class Latencies {
    private static final int STEPS_BITS = 2;
    private static final int STEPS = 1 << STEPS_BITS;
    private static final int FIRST_POWER = 4;
    private static final int POWERS = 28;
    private static final int BUCKETS = POWERS * STEPS;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    void count(long nanos) {
        counts.incrementAndGet(bucket(nanos));
    }

    TrafficStatistics.Latency read() {
        return new TrafficStatistics.Latency(LongStream.range(0, BUCKETS)
                .map(i -> counts.get((int) i))
                .boxed()
                .toList());
    }

    private static int bucket(long nanos) {
        long micros = nanos / 1000;
        int power = 63 - Long.numberOfLeadingZeros(micros | 1);
        if (power < FIRST_POWER) {
            return 0;
        }
        int step = (int) (micros >>> (power - STEPS_BITS)) & (STEPS - 1);
        return Math.min((power - FIRST_POWER) * STEPS + step, BUCKETS - 1);
    }

    /** Returns the duration below which all are that fell into a bucket; what is longer than the last bound is in the last. */
    public static Duration bound(int bucket) {
        long power = 1L << (bucket / STEPS + FIRST_POWER);
        return Duration.ofNanos((power + (bucket % STEPS + 1) * power / STEPS) * 1000);
    }
}
