package dewy.proxy.traffic;

import io.netty.buffer.PoolArenaMetric;

/** Tells how many buffers were not given back. */
public final class BuffersInUse {
    private BuffersInUse() {}

    /** Returns the number of buffers that were made and are held by someone, or kept by a thread that lives. */
    public static long count() {
        return Channels.ALLOCATOR.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** Returns how many bytes they have. */
    public static long bytes() {
        return Channels.ALLOCATOR.pinnedDirectMemory();
    }
}
