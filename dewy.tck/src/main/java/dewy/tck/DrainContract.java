package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.proxy.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is demanded of a proxy that drains a backend: what is in flight is waited for, and what is cut is known. */
abstract class DrainContract extends TwoBackends {
    @Test
    void leavesRequestsInFlightWhereTheyAreAndDrainsThem() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            InProgress slow = slow(proxy);
            proxy.route(call, Map.of(listener(), List.of(green().backend())));
            assertThat(get(proxy)).isEqualTo("green");
            InProgress draining = InProgress.start("draining", () -> assertThat(drain(proxy, call, Calls.PLENTY))
                    .isZero());
            assertThat(catchThrowable(() -> draining.await(Duration.ofMillis(300))))
                    .as("it waits for what is in flight")
                    .isInstanceOf(AssertionError.class);
            blue().answerSlow();
            draining.await(Calls.PLENTY);
            slow.await(Calls.PLENTY);
        }
    }

    @Test
    void cutsWhatIsLeftAtTheLimitOfADrain() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            InProgress slow = slow(proxy);
            proxy.route(call, Map.of(listener(), List.of(green().backend())));
            long failed = proxy.statistics(call).failed();
            assertThat(drain(proxy, call, Duration.ofMillis(500))).isEqualTo(1);
            if (lacks().contains(Lack.CUTTING)) {
                blue().answerSlow();
                slow.await(Calls.PLENTY);
                return;
            }
            assertThat(catchThrowable(() -> slow.await(Calls.CLOSING))).isInstanceOf(IOException.class);
            assertThat(drain(proxy, call, Duration.ofMillis(500)))
                    .as("what is cut once")
                    .isZero();
            assertThat(get(proxy)).isEqualTo("green");
            assertThat(proxy.statistics(call).failed() - failed).isEqualTo(1);
        }
    }

    @Test
    void cutsNothingForADrainThatIsCancelled() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call();
                CancellableCall cancelled = call()) {
            use(proxy, call);
            InProgress slow = slow(proxy);
            proxy.route(call, Map.of(listener(), List.of(green().backend())));
            InProgress draining = InProgress.start("draining", () -> drain(proxy, cancelled, Calls.PLENTY));
            cancelled.cancel("the test cancelled it");
            Throwable failure = catchThrowable(() -> draining.await(Calls.DELAY));
            TypedFailure.check(failure, CancelledException.class, secrets());
            blue().answerSlow();
            slow.await(Calls.PLENTY);
        }
    }

    @Test
    void cutsNothingForADrainWhoseCallIsOverBeforeItsLimit() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call();
                CancellableCall brief = call(Duration.ofMillis(300))) {
            use(proxy, call);
            InProgress slow = slow(proxy);
            proxy.route(call, Map.of(listener(), List.of(green().backend())));
            TypedFailure.of(() -> drain(proxy, brief, Calls.PLENTY), ExpiredException.class, secrets());
            blue().answerSlow();
            slow.await(Calls.PLENTY);
        }
    }

    @Test
    void drainsNoBackendThatIsRoutedTo() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            proxy.route(call, Map.of(otherListener(), List.of(blue().backend())));
            InProgress slow = slow(proxy);
            TypedFailure.of(() -> drain(proxy, call, Duration.ZERO), InvalidException.class, secrets());
            proxy.route(call, Map.of(listener(), List.of(green().backend())));
            TypedFailure.of(() -> drain(proxy, call, Duration.ZERO), InvalidException.class, secrets());
            blue().answerSlow();
            slow.await(Calls.PLENTY);
        }
    }

    @Test
    void givesUpADrainWhenItsBackendIsRoutedToAgain() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            InProgress slow = slow(proxy);
            proxy.route(call, Map.of(listener(), List.of(green().backend())));
            InProgress draining = InProgress.start("draining", () -> drain(proxy, call, Duration.ofSeconds(1)));
            proxy.route(call, Map.of(listener(), List.of(blue().backend())));
            Throwable failure = catchThrowable(() -> draining.await(Calls.PLENTY));
            TypedFailure.check(failure, InvalidException.class, secrets());
            blue().answerSlow();
            slow.await(Calls.PLENTY);
        }
    }

    @Test
    void hasNothingToDrainOfABackendThatItDoesNotKnow() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            assertThat(proxy.drain(call, "no-such-backend", Calls.PLENTY)).isZero();
            assertThat(call.remaining()).isGreaterThan(Calls.PLENTY.dividedBy(2));
        }
    }
}
