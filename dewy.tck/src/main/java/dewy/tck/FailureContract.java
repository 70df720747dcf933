package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.HealthCheck;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Failures are typed by what they mean. What an instance finds out about itself fails like its work.
 *
 * @param <T> what the provider opens
 */
public interface FailureContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    @TestFactory
    default Stream<DynamicTest> failsTypedWhenNobodyAnswers() {
        return failsTyped(Trouble.DOWN);
    }

    @TestFactory
    default Stream<DynamicTest> failsTypedWhenItIsRefused() {
        return failsTyped(Trouble.REFUSING);
    }

    @TestFactory
    default Stream<DynamicTest> failsTypedWhenThereIsNothing() {
        return failsTyped(Trouble.MISSING);
    }

    @TestFactory
    default Stream<DynamicTest> failsTypedWhenWhatIsAnsweredCannotBeRight() {
        return failsTyped(Trouble.LYING);
    }

    @TestFactory
    default Stream<DynamicTest> findsItselfWellWhenItsRemoteIs() throws Exception {
        return when(checksItself(), "it is well", () -> {
            try (T instance = open();
                    CancellableCall call = call()) {
                ((HealthCheck) instance).check(call);
            }
        });
    }

    @TestFactory
    default Stream<DynamicTest> findsItselfUnwellWhenItsRemoteIsDown() throws Exception {
        boolean canBeDown = troubles().containsKey(Trouble.DOWN);
        return when(canBeDown && checksItself(), "it is unwell", () -> {
            befall(Trouble.DOWN);
            assertFails(Trouble.DOWN, (instance, call) -> ((HealthCheck) instance).check(call));
        });
    }

    /** What fails. */
    @FunctionalInterface
    interface Asking<T> {
        void ask(T instance, CancellableCall call) throws Exception;
    }

    private Stream<DynamicTest> failsTyped(Trouble trouble) {
        return when(troubles().containsKey(trouble), "its remote is " + trouble, () -> {
            befall(trouble);
            assertFails(trouble, this::use);
        });
    }

    private void assertFails(Trouble trouble, Asking<T> asking) throws Exception {
        Class<? extends DewyException> expected =
                Objects.requireNonNull(troubles().get(trouble));
        try (T instance = open();
                CancellableCall call = call()) {
            TypedFailure.of(() -> asking.ask(instance, call), expected, secrets());
        }
    }

    private boolean checksItself() throws Exception {
        try (T instance = open()) {
            return instance instanceof HealthCheck;
        }
    }
}
