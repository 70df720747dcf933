package dewy.telemetry;

import dewy.api.control.Metrics;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** All metrics as Prometheus reads them. */
record PrometheusText(PrometheusMetricReader reader) implements Metrics {
    private static final String INFO = ".info";

    /** What the reader calls the metrics that only say what there is: it takes the ending for that of a type it does not know. */
    private static final Set<String> INFOS = Arrays.stream(Metric.values())
            .map(Metric::named)
            .filter(name -> name.endsWith(INFO))
            .map(name -> name.substring(0, name.length() - INFO.length()).replace('.', '_'))
            .collect(Collectors.toUnmodifiableSet());

    /** Returns what reads them for Prometheus: the metrics alone, with their own labels. */
    static PrometheusMetricReader newReader() {
        return PrometheusMetricReader.builder()
                .setOtelScopeLabelsEnabled(false)
                .setTargetInfoMetricEnabled(false)
                .build();
    }

    @Override
    public void write(OutputStream to) throws IOException {
        MetricSnapshot[] all =
                reader.collect().stream().map(PrometheusText::named).toArray(MetricSnapshot[]::new);
        PrometheusTextFormatWriter.create().write(to, MetricSnapshots.of(all), EscapingScheme.UNDERSCORE_ESCAPING);
    }

    private static MetricSnapshot named(MetricSnapshot snapshot) {
        String name = snapshot.getMetadata().getPrometheusName();
        if (!(snapshot instanceof GaugeSnapshot gauge) || !INFOS.contains(name)) {
            return snapshot;
        }
        InfoSnapshot.Builder info =
                InfoSnapshot.builder().name(name).help(gauge.getMetadata().getHelp());
        gauge.getDataPoints()
                .forEach(point -> info.dataPoint(InfoDataPointSnapshot.builder()
                        .labels(point.getLabels())
                        .build()));
        return info.build();
    }
}
