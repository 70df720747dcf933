package dewy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final String ENDPOINT = "dewy.telemetry.otlp-endpoint";

    @Test
    void sendsNothingWhereNobodySaysWhereTo() throws InvalidException {
        Settings settings = read(Map.of(), Map.of());
        assertThat(settings.endpoint()).isEmpty();
        assertThat(settings.resource()).containsEntry("service.name", "dewy");
    }

    @Test
    void takesAHostAndAPortForTlsUnlessItIsSaidToBeInsecure() throws InvalidException {
        assertThat(read(Map.of(ENDPOINT, "collector:4318"), Map.of()).endpoint())
                .contains(URI.create("https://collector:4318"));
        Map<String, String> plain = Map.of(ENDPOINT, "collector:4318", "dewy.telemetry.otlp-insecure", "true");
        assertThat(read(plain, Map.of()).endpoint()).contains(URI.create("http://collector:4318"));
    }

    @Test
    void prefersTheOptionToTheVariable() throws InvalidException {
        Map<String, String> variables = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://b:4318/otlp/");
        assertThat(read(Map.of(ENDPOINT, "http://a:4318"), variables).endpoint())
                .contains(URI.create("http://a:4318"));
        Optional<URI> named = read(Map.of(), variables).endpoint();
        assertThat(Settings.address(named.orElseThrow(), "traces")).isEqualTo("http://b:4318/otlp/v1/traces");
    }

    @Test
    void readsTheVariablesOfOpenTelemetry() throws InvalidException {
        Settings settings = read(
                Map.of(),
                Map.of(
                        "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20a+b, x-org=7",
                        "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=prod,service.name=ours",
                        "OTEL_SERVICE_NAME", "theirs",
                        "OTEL_METRIC_EXPORT_INTERVAL", "500"));
        assertThat(settings.headers())
                .containsEntry("authorization", "Bearer a+b")
                .containsEntry("x-org", "7");
        assertThat(settings.resource())
                .containsEntry("service.name", "theirs")
                .containsEntry("deployment.environment", "prod");
        assertThat(settings.metricsEvery()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.tracesEvery()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void saysWhatIsMalformed() {
        Map<String, String> user = Map.of(ENDPOINT, "https://user:secret@collector");
        assertThatThrownBy(() -> read(user, Map.of()))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("it is no address")
                .hasMessageNotContaining("secret");
        Map<String, String> often = Map.of("OTEL_METRIC_EXPORT_INTERVAL", "often");
        assertThatThrownBy(() -> read(Map.of(), often)).hasMessageContaining("OTEL_METRIC_EXPORT_INTERVAL");
        Map<String, String> bare = Map.of("OTEL_EXPORTER_OTLP_HEADERS", "secret");
        assertThatThrownBy(() -> read(Map.of(), bare)).hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS");
    }

    private static Settings read(Map<String, String> properties, Map<String, String> variables)
            throws InvalidException {
        return Settings.read(properties::get, variables::get);
    }
}
