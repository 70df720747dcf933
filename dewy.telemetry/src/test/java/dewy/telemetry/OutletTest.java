package dewy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dewy.api.DewyException;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutletTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dewy");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void sendsMetricsWithTheHeadersThatWereAskedFor() throws Exception {
        try (CollectorServer collector = CollectorServer.start();
                MetricExporter exporter = to(collector.address())) {
            assertThat(send(exporter)).isTrue();
            CollectorServer.Sent sent = collector.sent().get(0);
            assertThat(sent.path()).isEqualTo("/v1/metrics");
            assertThat(sent.type()).isEqualTo("application/x-protobuf");
            assertThat(sent.authorization()).isEqualTo("Bearer secret");
            assertThat(sent.body()).contains("dewy.polls.total").contains("shop");
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    void tellsOnceThatACollectorRefusesAndOnceThatItTakesAgain() throws Exception {
        try (CollectorServer collector = CollectorServer.start();
                MetricExporter exporter = to(collector.address())) {
            collector.answer(404);
            assertThat(send(exporter)).isFalse();
            assertThat(send(exporter)).isFalse();
            assertThat(messages()).containsExactly("Telemetry is not sent; it goes on trying");
            assertThat(error())
                    .contains(collector.address() + "/v1/metrics")
                    .contains("it answered 404")
                    .contains("4318");
            collector.answer(200);
            assertThat(send(exporter)).isTrue();
            assertThat(send(exporter)).isTrue();
            assertThat(messages())
                    .containsExactly("Telemetry is not sent; it goes on trying", "Telemetry is sent again");
        }
    }

    @Test
    void saysWhatToDoWhereNobodyListens() throws Exception {
        URI nowhere;
        try (CollectorServer gone = CollectorServer.start()) {
            nowhere = gone.address();
        }
        try (MetricExporter exporter = to(nowhere)) {
            assertThat(send(exporter)).isFalse();
        }
        assertThat(error()).contains(nowhere.toString()).contains("Check that a collector listens there");
        assertThat(error()).doesNotContain("secret");
    }

    private static MetricExporter to(URI endpoint) throws DewyException {
        Map<String, String> variables = Map.of("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20secret");
        return Outlet.metrics(endpoint, Settings.read(name -> null, variables::get));
    }

    private static boolean send(MetricExporter exporter) {
        Points points = new Points();
        points.add(Metric.POLLS, 3, "shop");
        Collection<MetricData> metrics = points.read(Resource.empty(), 1, 2);
        return exporter.export(metrics).join(30, TimeUnit.SECONDS).isSuccess();
    }

    private List<String> messages() {
        return log.list.stream().map(ILoggingEvent::getMessage).toList();
    }

    private String error() {
        return String.valueOf(log.list.get(0).getKeyValuePairs().get(0).value);
    }
}
