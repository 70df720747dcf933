package dewy.tck.load;

import java.util.Arrays;

/** How long requests took. Safe for use by several threads. */
final class Latencies {
    private long[] micros = new long[1024];
    private int count;

    synchronized void add(long nanos) {
        if (count == micros.length) {
            micros = Arrays.copyOf(micros, 2 * count);
        }
        micros[count++] = nanos / 1000;
    }

    /** Returns below what 99 of 100 are, in microseconds; 0 where there are none. */
    synchronized long percentile99() {
        long[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1) * 0.99)];
    }
}
