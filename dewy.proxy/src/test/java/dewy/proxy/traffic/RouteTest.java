package dewy.proxy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.Listening;
import dewy.proxy.traffic.TrafficSettings.Health;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RouteTest {
    @Test
    void countsAsTheOneBeforeUntilTheSwitchIsTurned() {
        AtomicBoolean turned = new AtomicBoolean();
        Route before = new Route(List.of(), List.of());
        Route after = new Route(List.of(), List.of()).after(before, turned);
        assertThat(after.inForce()).isSameAs(before);
        turned.set(true);
        assertThat(after.inForce()).isSameAs(after);
        after.forgetBefore();
        assertThat(after.inForce()).isSameAs(after);
    }

    @Test
    void leadsNothingMoreToABackendThatIsDrained() {
        AtomicInteger drained = new AtomicInteger();
        Target target = new Target(Listening.backend(1), Health.DEFAULT, t -> drained.incrementAndGet(), notice -> {});
        assertThat(target.enter()).isTrue();
        target.drain(true);
        assertThat(target.enter()).isFalse();
        assertThat(target.active()).isOne();
        assertThat(drained).hasValue(0);
        target.leave();
        assertThat(drained).hasValue(1);
    }
}
