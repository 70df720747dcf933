package dewy.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WriteTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void saysOnWhichConditionsItIsDone() {
        Lease lease = Lease.granted(new Claim("deploy", "host-1", SECOND), 7, 0, () -> 0);
        assertThat(Write.create("key", "value"))
                .isEqualTo(new Write("key", "value", 0, Optional.empty(), Optional.empty()));
        assertThat(Write.replace(new Entry("key", "old", 3), "new")
                        .expiring(SECOND)
                        .under(lease))
                .isEqualTo(new Write("key", "new", 3, Optional.of(SECOND), Optional.of(lease)));
        assertThat(Delete.of(new Entry("key", "old", 3)).under(lease))
                .isEqualTo(new Delete("key", 3, Optional.of(lease)));
    }

    @Test
    void refusesWhatNoStoreHolds() {
        for (String key : List.of("", "a\nb", "ü".repeat(129), "half \ud83d")) {
            assertThatIllegalArgumentException().as(key).isThrownBy(() -> Write.create(key, ""));
            assertThatIllegalArgumentException().as(key).isThrownBy(() -> new Claim(key, "host-1", SECOND));
            assertThatIllegalArgumentException().as(key).isThrownBy(() -> new Claim("deploy", key, SECOND));
        }
        for (String value : List.of("x".repeat(65_537), "ü".repeat(32_769), "\udc00")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Write.create("key", value));
        }
        for (Duration time :
                List.of(Duration.ZERO, SECOND.negated(), Duration.ofHours(24).plusNanos(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Write.create("key", "").expiring(time));
            assertThatIllegalArgumentException().isThrownBy(() -> new Claim("deploy", "host-1", time));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Write.replace(new Entry("key", "", -1), ""));
    }

    @Test
    void takesTheLongestThereIs() {
        assertThat(Write.create("ü".repeat(128), "\0" + "x".repeat(65_535))
                        .expiring(Store.LONGEST_TIME)
                        .value())
                .hasSize(65_536);
    }
}
