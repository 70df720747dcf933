package dewy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.telemetry.TrafficReadings.Passed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassedTest {
    private final Passed passed = new Passed();

    @Test
    void addsUpTheBackendsOfAVersion() {
        passed.read(List.of(backend("1", "v1.0.0", 10), backend("2", "v1.0.0", 5), backend("3", "v1.1.0", 1)));
        assertThat(requests("v1.0.0")).isEqualTo(15);
        assertThat(requests("v1.1.0")).isEqualTo(1);
    }

    @Test
    void neverCountsLessWhenABackendTakesThePlaceOfAnother() {
        passed.read(List.of(backend("1", "v1.0.0", 10), backend("2", "v1.0.0", 5)));
        passed.read(List.of(backend("3", "v1.0.0", 2), backend("2", "v1.0.0", 7)));
        assertThat(requests("v1.0.0")).isEqualTo(19);
    }

    @Test
    void goesOnWhereTheDataPlaneCountsFromNothing() {
        passed.read(List.of(backend("1", "v1.0.0", 10)));
        passed.read(List.of(backend("1", "v1.0.0", 3)));
        assertThat(requests("v1.0.0")).isEqualTo(13);
        assertThat(passed.latency().counts()).containsExactly(0L, 0L, 0L, 13L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void forgetsAVersionThatIsGone() {
        passed.read(List.of(backend("1", "v1.0.0", 10)));
        passed.read(List.of(backend("2", "v1.1.0", 1)));
        assertThat(passed.versions()).containsOnlyKeys("v1.1.0");
        assertThat(count(passed.latency())).isEqualTo(11);
    }

    @Test
    void countsDurationsOnAlsoWhereTheyBeginAnew() {
        passed.durations(took(10));
        passed.durations(took(12));
        assertThat(count(passed.durations(took(3)))).isEqualTo(15);
    }

    private static long count(Distribution distribution) {
        return distribution.counts().stream().mapToLong(Long::longValue).sum();
    }

    private long requests(String version) {
        return Optional.ofNullable(passed.versions().get(version)).orElseThrow().requests();
    }

    /** Returns one that answered so many requests, each after 20 ms. */
    private static OfBackend backend(String id, String version, long requests) {
        return OfBackend.of(id, version).answered(requests, 0, took(requests));
    }

    private static Latency took(long requests) {
        long[] counts = new long[Latency.BUCKETS];
        counts[Latency.bucket(Duration.ofMillis(20).toNanos())] = requests;
        return Latency.of(counts);
    }
}
