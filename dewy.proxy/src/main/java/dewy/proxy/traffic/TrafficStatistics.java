package dewy.proxy.traffic;

import java.time.Duration;
import java.util.List;

/**
 * What passed through a listener since it was opened.
 *
 * @param requests requests, or connections where requests are not told apart, that were answered or failed
 * @param failed those of them that could not be served
 * @param backends what passed to each backend that is in the set, or has something in flight
 */
public record TrafficStatistics(long requests, long failed, List<OfBackend> backends) {
    /**
     * What passed to a backend.
     *
     * @param backend its id
     * @param version the version of the release it runs; empty when it is not known
     * @param requests what it was given and is over
     * @param errors those of them that it did not answer, or answered with a status from 500 on
     * @param active in flight
     * @param latency how long it took until it began to answer, or to accept a connection where requests are not told apart
     */
    public record OfBackend(String backend, String version, long requests, long errors, long active, Latency latency) {}

    /**
     * Durations, counted in buckets whose bounds grow by a power of two, four to each.
     *
     * @param counts how many durations fell into each bucket; always of the same length
     * @see Latencies#bound
     */
    public record Latency(List<Long> counts) {
        public Latency {
            counts = List.copyOf(counts);
        }

        /** Returns how many durations were counted. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }

        /**
         * Returns a duration that the given share of all does not exceed, at most a quarter too long; zero when none was
         * counted.
         *
         * @param share such as 0.99
         */
        public Duration quantile(double share) {
            long wanted = (long) Math.ceil(count() * share);
            long seen = 0;
            for (int i = 0; i < counts.size() && wanted > 0; i++) {
                seen += counts.get(i);
                if (seen >= wanted) {
                    return Latencies.bound(i);
                }
            }
            return Duration.ZERO;
        }
    }

    public TrafficStatistics {
        backends = List.copyOf(backends);
    }
}
