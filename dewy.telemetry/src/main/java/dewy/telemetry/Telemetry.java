package dewy.telemetry;

import dewy.api.InvalidException;
import dewy.api.Registration;
import dewy.api.control.Agent;
import dewy.api.control.Metrics;
import dewy.api.event.Event;
import dewy.api.event.EventLog;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Metrics and traces of one agent, from when it is opened to when it is closed. */
final class Telemetry implements AutoCloseable {
    /** How long the last of them may take to be sent. */
    private static final long LAST_SECONDS = 2;

    /** Those by which the SDK watches itself; all else is no instrument. */
    private static final InstrumentSelector ALL_INSTRUMENTS =
            InstrumentSelector.builder().setName("*").build();

    private final SdkMeterProvider meters;
    private final Optional<SdkTracerProvider> tracers;
    private final Metrics metrics;
    private final Registration listening;

    private Telemetry(
            SdkMeterProvider meters, Optional<SdkTracerProvider> tracers, Metrics metrics, Registration listening) {
        this.meters = meters;
        this.tracers = tracers;
        this.metrics = metrics;
        this.listening = listening;
    }

    /**
     * Begins with what has happened so far.
     *
     * @param version that of the agent
     * @throws InvalidException if the settings are wrong
     */
    static Telemetry open(Agent agent, EventLog events, Settings settings, String version) throws InvalidException {
        EventCounts counts = new EventCounts();
        List<Consumer<Event>> listeners = new ArrayList<>(List.of(counts));
        Resource resource = resource(settings, version);
        PrometheusMetricReader reader = PrometheusText.newReader();
        SdkMeterProviderBuilder meters = SdkMeterProvider.builder()
                .setResource(resource)
                .registerView(
                        ALL_INSTRUMENTS,
                        View.builder().setAggregation(Aggregation.drop()).build())
                .registerMetricProducer(new Collector(agent, counts, version, InstantSource.system(), System::nanoTime))
                .registerMetricReader(reader);
        Optional<SdkTracerProvider> tracers = Optional.empty();
        if (settings.endpoint().isPresent()) {
            URI endpoint = settings.endpoint().get();
            meters.registerMetricReader(PeriodicMetricReader.builder(Outlet.metrics(endpoint, settings))
                    .setInterval(settings.metricsEvery())
                    .build());
            DeployIds ids = new DeployIds();
            SdkTracerProvider provider = SdkTracerProvider.builder()
                    .setResource(resource)
                    .setIdGenerator(ids)
                    .addSpanProcessor(BatchSpanProcessor.builder(Outlet.traces(endpoint, settings))
                            .setScheduleDelay(settings.tracesEvery())
                            .build())
                    .build();
            listeners.add(new DeployTraces(provider.get("dewy"), ids));
            tracers = Optional.of(provider);
        }
        SdkMeterProvider built = meters.build();
        Registration listening = events.subscribe(1, event -> listeners.forEach(listener -> listener.accept(event)));
        return new Telemetry(built, tracers, new PrometheusText(reader), listening);
    }

    private static Resource resource(Settings settings, String version) {
        AttributesBuilder attributes = Attributes.builder().put("service.version", version);
        settings.resource().forEach(attributes::put);
        return Resource.create(attributes.build());
    }

    /** Returns what writes the metrics as they are now. */
    Metrics metrics() {
        return metrics;
    }

    /** Sends what there is, as far as that goes, and ends. */
    @Override
    public void close() {
        listening.close();
        var spans = tracers.map(SdkTracerProvider::shutdown);
        meters.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
        spans.ifPresent(last -> last.join(LAST_SECONDS, TimeUnit.SECONDS));
    }
}
