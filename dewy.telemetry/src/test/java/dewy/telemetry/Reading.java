package dewy.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.runtime.RuntimeStatus;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Prometheus reads of points. */
final class Reading {
    private Reading() {}

    static String of(Points points) throws IOException {
        PrometheusMetricReader reader = PrometheusText.newReader();
        SdkMeterProvider meters = SdkMeterProvider.builder()
                .registerMetricProducer(resource -> points.read(resource, 1, 2))
                .registerMetricReader(reader)
                .build();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        new PrometheusText(reader).write(text);
        meters.close();
        return text.toString(UTF_8);
    }

    /** Returns how an app is doing that waits for its next release. */
    static AppStatus app(String name, String command) {
        return new AppStatus(
                name,
                command,
                Path.of("/srv", name),
                "file:///srv/releases",
                AppState.WATCHING,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /** Returns the same of an app whose runtime keeps it up. */
    static AppStatus running(AppStatus app) {
        RuntimeStatus runtime =
                new RuntimeStatus(RuntimeStatus.State.RUNNING, 1, Instant.EPOCH, List.of(), 0, "", Optional.empty());
        return new AppStatus(
                app.name(),
                app.command(),
                app.directory(),
                app.registry(),
                app.state(),
                app.paused(),
                app.current(),
                Optional.of(runtime),
                app.admission(),
                app.last(),
                app.next(),
                app.failures(),
                app.pinned(),
                app.scaled(),
                app.quarantined(),
                app.refused(),
                app.missing(),
                app.failingNotifiers(),
                app.operation(),
                app.waiting());
    }
}
