package dewy.archive;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/** Tells how much the heap can still give, so that a decoder is refused before it asks for what is not there. */
final class HeapRoom {
    /** Left to the rest of the agent: 16 MiB. */
    private static final long MARGIN = 16 << 20;

    private HeapRoom() {}

    /**
     * Returns how many bytes may be allocated now, in one piece if need be; {@code wanted} or less. The collector runs
     * when there seems to be less than that, because what looks used may be garbage.
     */
    static long upTo(long wanted) {
        if (free() < wanted) {
            System.gc();
        }
        return Math.max(0, Math.min(wanted, free()));
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        long unused = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
        return Math.min(unused, largestPool()) - MARGIN;
    }

    /** One array lies in one pool: a heap of 96 MiB in generations has no place for one of 64 MiB. */
    private static long largestPool() {
        long largest = -1;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                MemoryUsage usage = pool.getUsage();
                largest = Math.max(largest, usage.getMax() - usage.getUsed());
            }
        }
        return largest < 0 ? Long.MAX_VALUE : largest;
    }
}
