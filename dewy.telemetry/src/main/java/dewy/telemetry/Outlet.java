package dewy.telemetry;

import dewy.api.InvalidException;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The ways out by OTLP over HTTP. What fails is told here, in place of what the SDK would write of it. */
final class Outlet {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Is kept here, since it would be forgotten otherwise. */
    private static final Logger SDK = Logger.getLogger("io.opentelemetry");

    static {
        SDK.setLevel(Level.OFF);
    }

    private Outlet() {}

    static MetricExporter metrics(URI endpoint, Settings settings) throws InvalidException {
        String address = Settings.address(endpoint, "metrics");
        // What could not be sent is part of what is sent the next time.
        OtlpHttpMetricExporterBuilder builder = OtlpHttpMetricExporter.builder()
                .setEndpoint(address)
                .setTimeout(LIMIT)
                .setRetryPolicy(null);
        settings.headers().forEach(builder::addHeader);
        Optional<byte[]> authorities = settings.readAuthorities();
        authorities.ifPresent(builder::setTrustedCertificates);
        return new ToldMetrics(builder.build(), new Delivery("metrics", address));
    }

    static SpanExporter traces(URI endpoint, Settings settings) throws InvalidException {
        String address = Settings.address(endpoint, "traces");
        OtlpHttpSpanExporterBuilder builder =
                OtlpHttpSpanExporter.builder().setEndpoint(address).setTimeout(LIMIT);
        settings.headers().forEach(builder::addHeader);
        Optional<byte[]> authorities = settings.readAuthorities();
        authorities.ifPresent(builder::setTrustedCertificates);
        return new ToldSpans(builder.build(), new Delivery("traces", address));
    }

    private record ToldMetrics(MetricExporter to, Delivery delivery) implements MetricExporter {
        @Override
        public CompletableResultCode export(Collection<MetricData> metrics) {
            return delivery.watch(to.export(metrics));
        }

        @Override
        public CompletableResultCode flush() {
            return to.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return to.shutdown();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }
    }

    private record ToldSpans(SpanExporter to, Delivery delivery) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return delivery.watch(to.export(spans));
        }

        @Override
        public CompletableResultCode flush() {
            return to.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return to.shutdown();
        }
    }
}
