package dewy.telemetry;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** A histogram that is added to. For one thread at a time. */
final class Distribution {
    private final List<Double> boundaries;
    private final long[] counts;
    private double sum;

    Distribution(List<Double> boundaries) {
        this.boundaries = boundaries;
        this.counts = new long[boundaries.size() + 1];
    }

    void add(double value, long times) {
        int found = Collections.binarySearch(boundaries, value);
        counts[found < 0 ? -found - 1 : found] += times;
        sum += value * times;
    }

    void add(Distribution other) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            counts[bucket] += other.counts[bucket];
        }
        sum += other.sum;
    }

    List<Long> counts() {
        return LongStream.of(counts).boxed().toList();
    }

    double sum() {
        return sum;
    }
}
