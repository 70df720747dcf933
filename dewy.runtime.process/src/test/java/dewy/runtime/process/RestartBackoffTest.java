package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartBackoffTest {
    private static final Duration SHORT = Duration.ofMillis(59_999);

    @Test
    void doublesUpToAMinute() {
        RestartBackoff backoff = new RestartBackoff(100, 0);

        assertThat(IntStream.range(0, 9)
                        .mapToObj(i -> backoff.afterCrash(SHORT).orElseThrow().toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void startsAnewAfterAStableMinute() {
        RestartBackoff backoff = new RestartBackoff(2, 0);
        backoff.afterCrash(SHORT);
        backoff.afterCrash(SHORT);

        assertThat(backoff.afterCrash(Duration.ofSeconds(60))).contains(Duration.ofSeconds(1));
    }

    @Test
    void endsAfterSoManyRestarts() {
        RestartBackoff backoff = new RestartBackoff(2, 1);

        assertThat(backoff.afterCrash(SHORT)).contains(Duration.ofSeconds(2));
        assertThat(backoff.afterCrash(SHORT)).isEmpty();
        assertThat(backoff.restarts()).isEqualTo(2);
    }

    @Test
    void mayAllowNone() {
        assertThat(new RestartBackoff(0, 0).afterCrash(Duration.ofDays(1))).isEmpty();
    }
}
