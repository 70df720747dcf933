package dewy.telemetry;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What the JVM of the agent says of itself. */
final class JvmReadings {
    private static final double MILLIS = 1_000;

    private JvmReadings() {}

    static void read(Points points) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        points.add(Metric.JVM_MEMORY, memory.getHeapMemoryUsage().getUsed(), "heap");
        points.add(Metric.JVM_MEMORY, memory.getNonHeapMemoryUsage().getUsed(), "non_heap");
        points.add(Metric.JVM_COMMITTED, memory.getHeapMemoryUsage().getCommitted(), "heap");
        points.add(Metric.JVM_COMMITTED, memory.getNonHeapMemoryUsage().getCommitted(), "non_heap");
        points.add(Metric.JVM_THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
        points.add(Metric.JVM_CLASSES, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            points.add(Metric.JVM_COLLECTIONS, collector.getCollectionCount(), collector.getName());
            points.add(Metric.JVM_COLLECTING, collector.getCollectionTime() / MILLIS, collector.getName());
        }
        points.add(Metric.JVM_UPTIME, ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS);
    }
}
