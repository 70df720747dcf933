package dewy.registry.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BurstTest {
    private final Burst burst = new Burst(Duration.ofMillis(500));

    @Test
    void waitsForEverWhileNothingHappens() {
        assertThat(burst.isDue(0)).isFalse();
        assertThat(burst.untilDue(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aBurstIsOneSignalAndOneMoreWhenItHasSettled() {
        List<Long> signals = run(List.of(0L, 10L, 20L, 60L), 2_000);

        assertThat(signals).containsExactly(110L, 580L);
    }

    @Test
    void aBurstThatLastsIsSignalledEverySecond() {
        List<Long> events = new ArrayList<>();
        for (long at = 0; at < 3_000; at += 10) {
            events.add(at);
        }

        assertThat(run(events, 5_000)).hasSize(4).startsWith(1_000L).endsWith(2_990 + 520L);
    }

    @Test
    void whatSettlesBeforeTheBurstIsOverIsOneSignal() {
        Burst hasty = new Burst(Duration.ZERO);
        hasty.event(0);

        assertThat(hasty.isDue(millis(60))).isTrue();
        assertThat(hasty.untilDue(millis(60))).isEqualTo(Long.MAX_VALUE);
    }

    /** Returns when signals are given, if somebody looks at each event and whenever the wait is over. */
    private List<Long> run(List<Long> events, long end) {
        List<Long> signals = new ArrayList<>();
        for (long now = 0; now < end; now++) {
            if (events.contains(now)) {
                burst.event(millis(now));
            }
            if (burst.untilDue(millis(now)) == 0) {
                assertThat(burst.isDue(millis(now))).isTrue();
                signals.add(now);
            } else {
                assertThat(burst.isDue(millis(now))).isFalse();
            }
        }
        return signals;
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
