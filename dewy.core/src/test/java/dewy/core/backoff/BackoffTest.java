package dewy.core.backoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesUpToItsLimit() {
        Backoff backoff = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(1), () -> 0.5);
        assertThat(backoff.after(0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(backoff.after(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(backoff.after(2)).isEqualTo(Duration.ofSeconds(20));
        assertThat(backoff.after(3)).isEqualTo(Duration.ofSeconds(40));
        assertThat(backoff.after(4)).isEqualTo(Duration.ofSeconds(60));
        assertThat(backoff.after(1_000_000)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void spreadsByATenthToEitherSide() {
        Duration second = Duration.ofSeconds(1);
        assertThat(new Backoff(second, second, () -> 0).after(1)).isEqualTo(Duration.ofMillis(900));
        assertThat(new Backoff(second, second, () -> 1).after(1)).isEqualTo(Duration.ofMillis(1_100));
    }

    @Test
    void neverWaitsLessThanAnIntervalAboveItsLimit() {
        Backoff backoff = new Backoff(Duration.ofHours(1), Duration.ofMinutes(5), () -> 0.5);
        assertThat(backoff.after(1)).isEqualTo(Duration.ofHours(1));
    }
}
