package dewy.api.proxy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long requests took, as a histogram: until their backend began to answer, for instance. Immutable.
 *
 * <p>It is counted from the start on: what a moment was like is the difference of two readings ({@link #since}), and what a
 * version is like is the sum of its backends ({@link #plus}). Each power of two microseconds has eight buckets, so that what
 * is read is at most an eighth above what it was, from 8 µs to more than an hour.
 *
 * @param counts how many requests fell into each of the {@link #BUCKETS}; empty when there were none
 */
public record Latency(List<Long> counts) {
    private static final int BITS = 3;
    private static final int PARTS = 1 << BITS;
    private static final int DOUBLINGS = 30;

    /** How many buckets there are. */
    public static final int BUCKETS = PARTS * DOUBLINGS;

    /** That of no requests. */
    public static final Latency NONE = new Latency(List.of());

    public Latency {
        if (!counts.isEmpty() && counts.size() != BUCKETS) {
            throw new IllegalArgumentException("a latency has " + BUCKETS + " buckets, not " + counts.size());
        }
        counts = List.copyOf(counts);
    }

    /** Returns that of requests that were counted by {@link #bucket}. */
    public static Latency of(long[] counts) {
        return new Latency(Arrays.stream(counts).boxed().toList());
    }

    /** Returns the bucket to which a request belongs. */
    public static int bucket(long nanos) {
        long micros = Math.max(0, nanos) / 1_000;
        if (micros < PARTS) {
            return (int) micros;
        }
        int doubling = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - BITS;
        int part = (int) (micros >> doubling) - PARTS;
        return Math.min((doubling + 1) * PARTS + part, BUCKETS - 1);
    }

    /** Returns how many requests this is about. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns what at least a share of the requests did not take longer than, such as 0.99 of them; nothing when there were
     * none.
     */
    public Duration quantile(double share) {
        long wanted = (long) Math.ceil(share * count());
        long seen = 0;
        for (int bucket = 0; bucket < counts.size(); bucket++) {
            seen += counts.get(bucket);
            if (seen > 0 && seen >= wanted) {
                return end(bucket);
            }
        }
        return Duration.ZERO;
    }

    /** Returns that of these requests and of others. */
    public Latency plus(Latency other) {
        return combine(other, 1);
    }

    /** Returns that of the requests that came after an earlier reading. */
    public Latency since(Latency earlier) {
        return combine(earlier, -1);
    }

    private Latency combine(Latency other, int sign) {
        if (other.counts.isEmpty()) {
            return this;
        }
        return new Latency(IntStream.range(0, BUCKETS)
                .mapToObj(bucket -> (counts.isEmpty() ? 0 : counts.get(bucket)) + sign * other.counts.get(bucket))
                .toList());
    }

    /** Returns what no request of a bucket took as long as, but for those of the last one. */
    public static Duration end(int bucket) {
        int doubling = Math.max(0, bucket / PARTS - 1);
        long part = bucket < PARTS ? bucket : bucket % PARTS + PARTS;
        return Duration.ofNanos(((part + 1) << doubling) * 1_000);
    }
}
