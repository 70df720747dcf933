package dewy.tck;

import static dewy.tck.Calls.call;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.HealthCheck;
import org.junit.jupiter.api.Test;

/**
 * Failures are typed by what they mean. What an instance finds out about itself fails like its work.
 *
 * @param <T> what the provider opens
 */
public interface FailureContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    @Test
    default void failsTypedWhenNobodyAnswers() throws Exception {
        assertFails(Trouble.DOWN);
    }

    @Test
    default void failsTypedWhenItIsRefused() throws Exception {
        assertFails(Trouble.REFUSING);
    }

    @Test
    default void failsTypedWhenThereIsNothing() throws Exception {
        assertFails(Trouble.MISSING);
    }

    @Test
    default void failsTypedWhenWhatIsAnsweredCannotBeRight() throws Exception {
        assertFails(Trouble.LYING);
    }

    @Test
    default void findsItselfWellWhenItsRemoteIs() throws Exception {
        try (T instance = open()) {
            HealthCheck health = healthOf(instance);
            try (CancellableCall call = call()) {
                health.check(call);
            }
        }
    }

    @Test
    default void findsItselfUnwellWhenItsRemoteIsDown() throws Exception {
        try (T instance = open()) {
            healthOf(instance);
        }
        Class<? extends DewyException> expected = expected(Trouble.DOWN);
        befall(Trouble.DOWN);
        try (T instance = open();
                CancellableCall call = call()) {
            TypedFailure.of(() -> healthOf(instance).check(call), expected, secrets());
        }
    }

    private void assertFails(Trouble trouble) throws Exception {
        Class<? extends DewyException> expected = expected(trouble);
        befall(trouble);
        try (T instance = open();
                CancellableCall call = call()) {
            TypedFailure.of(() -> use(instance, call), expected, secrets());
        }
    }

    private Class<? extends DewyException> expected(Trouble trouble) {
        Class<? extends DewyException> expected = troubles().get(trouble);
        assumeTrue(expected != null, "its remote is never " + trouble);
        return expected == null ? DewyException.class : expected;
    }

    private HealthCheck healthOf(T instance) {
        assumeTrue(instance instanceof HealthCheck, "it has no health check");
        return (HealthCheck) instance;
    }
}
