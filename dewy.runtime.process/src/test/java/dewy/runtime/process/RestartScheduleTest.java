package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartScheduleTest {
    private static final Duration SHORT = Duration.ofMillis(59_999);

    private final ManualTimer timer = new ManualTimer();

    @Test
    void doublesUpToAMinute() {
        RestartSchedule schedule = schedule(100, 0);

        assertThat(IntStream.range(0, 9)
                        .mapToObj(i -> crashAfter(SHORT, schedule).orElseThrow().toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void startsAnewAfterAStableMinute() {
        RestartSchedule schedule = schedule(2, 0);
        crashAfter(SHORT, schedule);
        crashAfter(SHORT, schedule);

        assertThat(crashAfter(Duration.ofSeconds(60), schedule)).contains(Duration.ofSeconds(1));
    }

    @Test
    void endsAfterSoManyRestarts() {
        RestartSchedule schedule = schedule(2, 1);

        assertThat(crashAfter(SHORT, schedule)).contains(Duration.ofSeconds(2));
        assertThat(crashAfter(SHORT, schedule)).isEmpty();
        assertThat(schedule.restarts()).isEqualTo(2);
    }

    @Test
    void mayAllowNone() {
        assertThat(crashAfter(Duration.ofDays(1), schedule(0, 0))).isEmpty();
    }

    private RestartSchedule schedule(int maxRestarts, int restarts) {
        return new RestartSchedule(timer, maxRestarts, restarts, () -> {});
    }

    private Optional<Duration> crashAfter(Duration uptime, RestartSchedule schedule) {
        schedule.up();
        timer.advance(uptime);
        return schedule.crashed();
    }
}
