package dewy.telemetry;

import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads all metrics when somebody looks. It gives what it read to the SDK as a whole, in place of instruments: a series of these
 * would never end, not even that of a version, or an app, that is long gone.
 */
final class Collector implements MetricProducer {
    private final Agent agent;
    private final EventCounts counts;
    private final InstantSource clock;
    private final String version;
    private final TrafficReadings traffic = new TrafficReadings();
    private final ReplicaReadings replicas;
    private final long started;

    /** @param version that of the agent */
    Collector(Agent agent, EventCounts counts, String version, InstantSource clock, LongSupplier nanoTime) {
        this.agent = agent;
        this.counts = counts;
        this.version = version;
        this.clock = clock;
        this.replicas = new ReplicaReadings(nanoTime);
        this.started = nanos(clock.instant());
    }

    @Override
    public synchronized Collection<MetricData> produce(Resource resource) {
        List<AppStatus> apps = agent.apps();
        Points points = new Points();
        counts.read(apps, points);
        AppReadings.read(agent, apps, points);
        traffic.read(agent, apps, points);
        replicas.read(agent, apps, points);
        points.add(Metric.AGENT_INFO, 1, version);
        JvmReadings.read(points);
        return points.read(resource, started, nanos(clock.instant()));
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
