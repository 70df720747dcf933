package dewy.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What all metrics are at one moment. For one thread. */
final class Points {
    private final Map<Metric, Map<Attributes, Double>> values = new EnumMap<>(Metric.class);
    private final Map<Metric, Map<Attributes, Distribution>> distributions = new EnumMap<>(Metric.class);

    /** Adds to what there is of a metric with these labels, in the metric's order. */
    void add(Metric metric, double value, String... labels) {
        values.computeIfAbsent(metric, same -> new LinkedHashMap<>())
                .merge(attributes(metric, labels), value, Double::sum);
    }

    /** The same with a whole number. */
    void add(Metric metric, long value, String... labels) {
        add(metric, (double) value, labels);
    }

    /** Adds to what there is of a histogram. */
    void add(Metric metric, Distribution distribution, String... labels) {
        distributions
                .computeIfAbsent(metric, same -> new LinkedHashMap<>())
                .computeIfAbsent(attributes(metric, labels), same -> new Distribution(metric.boundaries()))
                .add(distribution);
    }

    private static Attributes attributes(Metric metric, String... labels) {
        if (labels.length != metric.labels().size()) {
            throw new IllegalArgumentException(metric + " has the labels " + metric.labels());
        }
        AttributesBuilder attributes = Attributes.builder();
        for (int i = 0; i < labels.length; i++) {
            attributes.put(metric.labels().get(i), labels[i]);
        }
        return attributes.build();
    }

    /** Returns them as OpenTelemetry has them. */
    Collection<MetricData> read(Resource resource, long started, long now) {
        List<MetricData> all = new ArrayList<>();
        values.forEach((metric, points) -> {
            List<DoublePointData> data = new ArrayList<>();
            points.forEach((attributes, value) ->
                    data.add(DoublePointData.create(started, now, attributes, value, List.of())));
            all.add(
                    metric.type() == Metric.Type.COUNTER
                            ? counter(resource, metric, data)
                            : gauge(resource, metric, data));
        });
        distributions.forEach((metric, points) -> {
            List<HistogramPointData> data = new ArrayList<>();
            points.forEach((attributes, value) -> data.add(point(started, now, metric, attributes, value)));
            all.add(histogram(resource, metric, data));
        });
        return all;
    }

    private static HistogramPointData point(
            long started, long now, Metric metric, Attributes attributes, Distribution value) {
        return HistogramPointData.create(
                started, now, attributes, value.sum(), false, 0, false, 0, metric.boundaries(), value.counts());
    }

    private static MetricData counter(Resource resource, Metric metric, List<DoublePointData> points) {
        return ImmutableMetricData.createDoubleSum(
                resource,
                InstrumentationScopeInfo.empty(),
                metric.named(),
                metric.meaning(),
                metric.unit(),
                SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points));
    }

    private static MetricData gauge(Resource resource, Metric metric, List<DoublePointData> points) {
        return ImmutableMetricData.createDoubleGauge(
                resource,
                InstrumentationScopeInfo.empty(),
                metric.named(),
                metric.meaning(),
                metric.unit(),
                GaugeData.createDoubleGaugeData(points));
    }

    private static MetricData histogram(Resource resource, Metric metric, List<HistogramPointData> points) {
        return ImmutableMetricData.createDoubleHistogram(
                resource,
                InstrumentationScopeInfo.empty(),
                metric.named(),
                metric.meaning(),
                metric.unit(),
                HistogramData.create(AggregationTemporality.CUMULATIVE, points));
    }
}
