package dewy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeployTracesTest {
    private final Kept kept = new Kept();
    private final DeployIds ids = new DeployIds();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .setIdGenerator(ids)
            .addSpanProcessor(SimpleSpanProcessor.create(kept))
            .build();
    private final DeployTraces traces = new DeployTraces(provider.get("dewy"), ids);

    @Test
    void hasASpanForEachStepWithinTheWhole() {
        traces.accept(Events.during(20, "deployment.started", "version", "v1.1.0"));
        traces.accept(Events.during(
                2_000,
                "cycle.ended",
                "outcome",
                "deployed",
                "step",
                "settle",
                "version",
                "v1.1.0",
                "steps",
                "poll 10ms, fetch 1500ms, activate 490ms"));
        SpanData whole = span("deploy");
        assertThat(whole.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(whole.getAttributes().get(AttributeKey.stringKey("dewy.version")))
                .isEqualTo("v1.1.0");
        assertThat(whole.getEvents()).extracting(EventData::getName).containsExactly("deployment.started");
        assertThat(from(whole)).isEqualTo(Duration.ZERO);
        assertThat(until(whole)).isEqualTo(Duration.ofSeconds(2));
        assertThat(from(span("fetch"))).isEqualTo(Duration.ofMillis(10));
        assertThat(until(span("fetch"))).isEqualTo(Duration.ofMillis(1_510));
        assertThat(List.of(span("poll"), span("fetch"), span("activate")))
                .allSatisfy(step -> assertThat(step.getParentSpanId()).isEqualTo(whole.getSpanId()));
    }

    @Test
    void putsAHookIntoItsStep() {
        traces.accept(
                Events.during(400, "hook.before_failed", "hook", "before", "duration", "150ms", "error", "exit 1"));
        traces.accept(Events.during(
                500, "cycle.ended", "outcome", "deployed", "steps", "fetch 100ms, prepare 350ms, activate 50ms"));
        SpanData hook = span("hook");
        assertThat(hook.getParentSpanId()).isEqualTo(span("prepare").getSpanId());
        assertThat(from(hook)).isEqualTo(Duration.ofMillis(250));
        assertThat(hook.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(hook.getStatus().getDescription()).isEqualTo("exit 1");
    }

    @Test
    void saysWhatFailed() {
        traces.accept(Events.during(5, "cycle.failed", "step", "poll", "error", "the registry does not answer"));
        traces.accept(Events.during(
                5, "cycle.ended", "outcome", "failed", "step", "poll", "failure", "network", "steps", "poll 5ms"));
        assertThat(span("deploy").getStatus().getDescription()).isEqualTo("the registry does not answer");
        assertThat(span("deploy").getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("network");
        assertThat(span("poll").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void tellsNothingOfCyclesThatComeToNothing() {
        traces.accept(Events.during(0, "registry.unshared"));
        traces.accept(Events.during(5, "cycle.skipped", "reason", "nothing new"));
        assertThat(kept.spans).isEmpty();
        traces.accept(Events.during(9, "cycle.ended", "outcome", "deployed", "steps", "fetch 1ms"));
        assertThat(span("deploy").getEvents()).isEmpty();
    }

    @Test
    void readsLengthsOfTimeAsTheLogHasThem() {
        assertThat(List.of("350ms", "1.5s", "2m30s", "1h0m0s"))
                .extracting(text -> DeployTraces.duration(Events.of("hook.succeeded", "duration", text)))
                .containsExactly(
                        Duration.ofMillis(350), Duration.ofMillis(1_500), Duration.ofSeconds(150), Duration.ofHours(1));
    }

    private SpanData span(String name) {
        return kept.spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Duration from(SpanData span) {
        return sinceNoon(span.getStartEpochNanos());
    }

    private static Duration until(SpanData span) {
        return sinceNoon(span.getEndEpochNanos());
    }

    private static Duration sinceNoon(long nanos) {
        return Duration.ofNanos(nanos - TimeUnit.SECONDS.toNanos(Events.NOON.getEpochSecond()));
    }

    /** Keeps the spans. */
    private static final class Kept implements SpanExporter {
        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> more) {
            spans.addAll(more);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
