package dewy.launcher.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.agent.StopWishes.Meaning;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopWishesTest {
    private Duration now = Duration.ofDays(-1);
    private final StopWishes wishes = new StopWishes(() -> now.toNanos());

    @Test
    void areTheSameWithinTwoSecondsHoweverMany() {
        assertThat(wishes.next()).isEqualTo(Meaning.STOP);
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofMillis(100));
            assertThat(wishes.next()).isEqualTo(Meaning.SAME);
        }
    }

    @Test
    void areImpatientMoreThanTwoSecondsAfterTheFirst() {
        wishes.next();
        pass(Duration.ofSeconds(2));
        assertThat(wishes.next()).isEqualTo(Meaning.SAME);
        pass(Duration.ofNanos(1));
        assertThat(wishes.next()).isEqualTo(Meaning.CUT_SHORT);
        pass(Duration.ofSeconds(3));
        assertThat(wishes.next()).isEqualTo(Meaning.SAME);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }
}
