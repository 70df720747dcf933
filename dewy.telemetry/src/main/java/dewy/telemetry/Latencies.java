package dewy.telemetry;

import dewy.api.proxy.Latency;
import java.util.List;

/** Histograms of a proxy, in fewer buckets. */
final class Latencies {
    private static final double NANOS = 1e9;

    private Latencies() {}

    /** Returns what came between two readings; each request counts as what it took at most. */
    static Distribution between(Latency before, Latency now, Metric metric) {
        Distribution between = new Distribution(metric.boundaries());
        List<Long> earlier = before.counts();
        List<Long> counts = now.counts();
        for (int bucket = 0; bucket < counts.size(); bucket++) {
            long more = counts.get(bucket) - (earlier.isEmpty() ? 0 : earlier.get(bucket));
            if (more > 0) {
                between.add(Latency.end(bucket).toNanos() / NANOS, more);
            }
        }
        return between;
    }
}
