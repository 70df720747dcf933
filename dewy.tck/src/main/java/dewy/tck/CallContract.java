package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.ExpiredException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A call ends when nobody wants it any more, whatever the remote does.
 *
 * @param <T> what the provider opens
 */
public interface CallContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    @Test
    default void endsAtItsDeadline() throws Exception {
        assumeTrue(troubles().containsKey(Trouble.HANGING), "nothing that it asks can hang");
        befall(Trouble.HANGING);
        Duration limit = Duration.ofMillis(700);
        try (T instance = open();
                CancellableCall call = call(limit)) {
            InProgress using = InProgress.start("the call", () -> use(instance, call));
            Throwable failure = catchThrowable(() -> using.await(limit.plus(Calls.DELAY)));
            TypedFailure.check(failure, ExpiredException.class, secrets());
            assertThat(call.remaining()).as("what was left of its time").isZero();
        }
    }

    @Test
    default void endsWhenItIsCancelled() throws Exception {
        assumeTrue(troubles().containsKey(Trouble.HANGING), "nothing that it asks can hang");
        befall(Trouble.HANGING);
        try (T instance = open();
                CancellableCall call = call()) {
            InProgress using = InProgress.start("the call", () -> use(instance, call));
            awaitHanging();
            call.cancel("the test cancelled it");
            Throwable failure = catchThrowable(() -> using.await(Calls.DELAY));
            TypedFailure.check(failure, CancelledException.class, secrets());
        }
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
}
