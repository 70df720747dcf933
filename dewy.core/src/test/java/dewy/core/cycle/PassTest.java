package dewy.core.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassTest {
    private final CancellableCall call = CancellableCall.of("", Duration.ofMinutes(1));
    private final List<CancellableCall> later = new ArrayList<>();
    private final EventScope events =
            new EventStream(InstantSource.fixed(Instant.EPOCH), event -> {}, Runnable::run).scope("app");
    private final Pass pass = new Pass(call, events, true, new Pass.Observer() {
        @Override
        public void entered(CycleStep step) {}

        @Override
        public void goesOnWith(CancellableCall next) {
            later.add(next);
        }
    });

    @Test
    void settlesAlsoWhereWhoeverCancelledTooLateEndsItsCallOnlyThen() {
        pass.enter(CycleStep.ACTIVATE);
        assertThat(pass.call()).isSameAs(call);
        pass.enter(CycleStep.SETTLE);
        call.cancel("it was cancelled by bob");
        assertThat(pass.call().isOver()).isFalse();
    }

    @Test
    void canBeInterruptedWhileItSettles() {
        pass.enter(CycleStep.SETTLE);
        assertThat(later).containsExactly(pass.call());
    }
}
