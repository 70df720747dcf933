package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.ExpiredException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A call ends when nobody wants it any more, whatever the remote does.
 *
 * @param <T> what the provider opens
 */
public interface CallContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    /** Returns how much later than its deadline, or its cancellation, a call may end: more where others have to end something first. */
    default Duration delay() {
        return Calls.DELAY;
    }

    @TestFactory
    default Stream<DynamicTest> endsAtItsDeadline() {
        return when(troubles().containsKey(Trouble.HANGING), "at its deadline", this::assertEndsAtItsDeadline);
    }

    @TestFactory
    default Stream<DynamicTest> endsWhenItIsCancelled() {
        return when(troubles().containsKey(Trouble.HANGING), "when it is cancelled", this::assertEndsWhenItIsCancelled);
    }

    @Test
    default void doesNothingForACallThatWasCancelledBefore() throws Exception {
        try (T instance = open();
                CancellableCall call = Calls.cancelled()) {
            long before = asked();
            TypedFailure.of(() -> use(instance, call), CancelledException.class, secrets());
            assertThat(asked()).as("requests for a call that was cancelled").isEqualTo(before);
        }
    }

    @Test
    default void doesNothingForACallWhoseTimeWasOverBefore() throws Exception {
        try (T instance = open();
                CancellableCall call = call(Duration.ZERO)) {
            long before = asked();
            TypedFailure.of(() -> use(instance, call), ExpiredException.class, secrets());
            assertThat(asked()).as("requests for a call whose time was over").isEqualTo(before);
        }
    }

    private void assertEndsAtItsDeadline() throws Exception {
        befall(Trouble.HANGING);
        Duration limit = Duration.ofMillis(700);
        try (T instance = open();
                CancellableCall call = call(limit)) {
            InProgress using = InProgress.start("the call", () -> use(instance, call));
            Throwable failure = catchThrowable(() -> using.await(limit.plus(delay())));
            TypedFailure.check(failure, ExpiredException.class, secrets());
            assertThat(call.remaining()).as("what was left of its time").isZero();
        }
    }

    private void assertEndsWhenItIsCancelled() throws Exception {
        befall(Trouble.HANGING);
        try (T instance = open();
                CancellableCall call = call()) {
            InProgress using = InProgress.start("the call", () -> use(instance, call));
            awaitHanging();
            call.cancel("the test cancelled it");
            Throwable failure = catchThrowable(() -> using.await(delay()));
            TypedFailure.check(failure, CancelledException.class, secrets());
        }
    }
}
