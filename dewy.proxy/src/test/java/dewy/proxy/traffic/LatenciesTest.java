package dewy.proxy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
    @ParameterizedTest
    @ValueSource(longs = {20, 31, 32, 1000, 123_456, 3_600_000_000L})
    void areKnownToAQuarter(long micros) {
        Latencies latencies = new Latencies();
        latencies.count(micros * 1000);
        Duration found = latencies.read().quantile(0.5);
        assertThat(found.toNanos() / 1000.0).isBetween((double) micros, micros * 1.26);
    }

    @Test
    void areTakenByTheirShare() {
        Latencies latencies = new Latencies();
        for (int i = 0; i < 99; i++) {
            latencies.count(1_000_000);
        }
        latencies.count(1_000_000_000);
        assertThat(latencies.read().quantile(0.99)).isLessThan(Duration.ofMillis(2));
        assertThat(latencies.read().quantile(1)).isGreaterThan(Duration.ofMillis(900));
        assertThat(new Latencies().read().quantile(0.99)).isZero();
    }
}
