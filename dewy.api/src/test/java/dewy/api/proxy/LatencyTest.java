package dewy.api.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyTest {
    private final long[] counts = new long[Latency.BUCKETS];

    @Test
    void tellsWhatAShareOfTheRequestsTookAtMost() {
        for (int millis = 1; millis <= 100; millis++) {
            count(millis * 1_000_000L);
        }
        Latency latency = Latency.of(counts);
        assertThat(latency.count()).isEqualTo(100);
        assertThat(latency.quantile(0.5)).isBetween(Duration.ofMillis(50), Duration.ofMillis(57));
        assertThat(latency.quantile(0.99)).isBetween(Duration.ofMillis(99), Duration.ofMillis(112));
        assertThat(latency.quantile(0)).isBetween(Duration.ofMillis(1), Duration.ofMillis(2));
    }

    @Test
    void isNeverTooLowAndAnEighthTooHighAtMost() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long nanos = (1L << random.nextInt(13, 41)) + random.nextLong(1L << 13);
            Latency one = of(nanos);
            assertThat(one.quantile(1).toNanos()).isBetween(nanos, nanos + nanos / 8 + 1_000);
        }
    }

    @Test
    void countsWhatIsBeyondItsEnds() {
        assertThat(of(-1).quantile(1)).isEqualTo(Duration.ofNanos(1_000));
        assertThat(of(Long.MAX_VALUE).quantile(1)).isGreaterThan(Duration.ofHours(1));
    }

    @Test
    void addsAndTellsWhatCameSince() {
        Latency fast = of(10_000_000);
        Latency slow = of(900_000_000);
        assertThat(fast.plus(slow).count()).isEqualTo(2);
        assertThat(fast.plus(slow).since(fast)).isEqualTo(slow);
        assertThat(Latency.NONE.plus(fast)).isEqualTo(fast);
        assertThat(Latency.NONE.quantile(0.5)).isZero();
    }

    private static Latency of(long nanos) {
        long[] one = new long[Latency.BUCKETS];
        one[Latency.bucket(nanos)] = 1;
        return Latency.of(one);
    }

    private void count(long nanos) {
        counts[Latency.bucket(nanos)]++;
    }
}
