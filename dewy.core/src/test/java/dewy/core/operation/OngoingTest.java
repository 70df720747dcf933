package dewy.core.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Order;
import dewy.api.event.Event;
import dewy.core.event.EventStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people hear of an operation that does not end as soon as it is cancelled. */
class OngoingTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final List<Event> told = new ArrayList<>();
    private final OperationList operations =
            new OperationList(new EventStream(CLOCK, told::add, Runnable::run), CLOCK, System::nanoTime);
    private final Ongoing<CycleOutcome> operation = operations.begin(Order.restart("app"), "alice");
    private final CancellableCall call = CancellableCall.of("", Duration.ofMinutes(1));

    @Test
    void isBeingCancelledUntilItHasEnded() throws Exception {
        operation.enter("restart");
        operation.within(call);
        operation.cancel("bob", Duration.ZERO);
        assertThat(call.isOver()).isTrue();
        assertThat(operation.shown().outcome()).isEmpty();
        assertThat(told).isEmpty();
        operation.fail(operation.cancellation());
        assertThat(types()).containsExactly("operation.cancelled");
    }

    @Test
    void isToldToHaveTakenEffectAllTheSame() throws Exception {
        operation.enter("restart");
        operation.within(call);
        operation.cancel("bob", Duration.ZERO);
        operation.commit();
        assertThat(types()).containsExactly("operation.not_cancelled");
        assertThat(told.get(0).data()).containsEntry("actor", "bob").containsEntry("operation", operation.id());
        assertThatThrownBy(() -> operation.cancel("bob", Duration.ZERO))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("taking effect already");
        operation.end(done(), done());
        assertThat(told).hasSize(1);
    }

    @Test
    void isNotCancelledWhereItHadItsOutcomeAlready() throws Exception {
        operation.enter("restart");
        operation.cancel("bob", Duration.ZERO);
        assertThat(told).isEmpty();
        operation.end(done(), done());
        assertThat(types()).containsExactly("operation.not_cancelled");
    }

    @Test
    void endsWhereItIsCancelledAsItGoesToWaitAgain() throws Exception {
        operation.enter("restart");
        operation.cancel("bob", Duration.ZERO);
        operation.waitAgain();
        assertThat(operation.isOver()).isTrue();
        assertThat(types()).containsExactly("operation.cancelled");
    }

    private List<String> types() {
        return told.stream().map(Event::type).toList();
    }

    private CycleOutcome done() {
        return operation.done("a new generation serves");
    }
}
