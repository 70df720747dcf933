package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.AdoptingProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Instances come and go, each for itself.
 *
 * @param <T> what the provider opens
 */
public interface LifeCycleContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    /** How often instances are opened and closed to find what they leave behind. */
    int ROUNDS = 30;

    @Test
    default void isTestedForHandoversIfItMakesThem() {
        assertThat(this instanceof HandoverContract)
                .as("the test of an AdoptingProvider, and of no other, implements HandoverContract")
                .isEqualTo(provider() instanceof AdoptingProvider);
    }

    @Test
    default void canBeClosedTwice() throws Exception {
        T instance = open();
        useOnce(instance);
        instance.close();
        instance.close();
    }

    @Test
    default void isHarmlessOrFailsTypedAfterItsClose() throws Exception {
        T instance = open();
        useOnce(instance);
        instance.close();
        Throwable failure = catchThrowable(() -> useOnce(instance));
        if (failure != null) {
            TypedFailure.check(failure, DewyException.class, secrets());
        }
        instance.close();
    }

    @TestFactory
    default Stream<DynamicTest> aCloseEndsWhatIsInProgress() {
        return when(troubles().containsKey(Trouble.HANGING), "while its remote hangs", this::assertCloseEnds);
    }

    @Test
    default void oneInstanceDoesNotDisturbAnother() throws Exception {
        try (T other = open()) {
            try (T instance = open()) {
                useOnce(instance);
                useOnce(other);
            }
            useOnce(other);
        }
    }

    /** Returns how often instances are opened and closed to find what they leave behind; fewer where each takes long. */
    default int rounds() {
        return ROUNDS;
    }

    @ResourceLock(Resources.GLOBAL)
    @Test
    default void manyInstancesLeaveNoThreadAndNoDescriptor() throws Exception {
        openAndClose(3);
        Footprint before = Footprint.now();
        openAndClose(rounds());
        Footprint after = Footprint.awaitAtMost(before, rounds() / 3);
        assertThat(after.exceeds(before, rounds() / 3))
                .as("after %d instances %s is left, before there was %s", rounds(), after, before)
                .isFalse();
    }

    @Test
    default void worksInSeveralThreadsAtOnce() throws Throwable {
        try (T first = open();
                T second = open()) {
            List<InProgress> working = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean shared = sharesInstances() || i < 2;
                T instance = i % 2 == 0 ? first : second;
                working.add(InProgress.start("thread " + i, () -> {
                    if (shared) {
                        useThrice(instance);
                    } else {
                        useThriceAlone();
                    }
                }));
            }
            for (InProgress one : working) {
                one.await(Calls.PLENTY);
            }
        }
    }

    private void assertCloseEnds() throws Throwable {
        befall(Trouble.HANGING);
        try (CancellableCall call = call()) {
            T instance = open();
            InProgress using = InProgress.start("what was in progress", () -> use(instance, call));
            awaitHanging();
            InProgress closing = InProgress.start("closing", instance::close);
            closing.await(Calls.CLOSING);
            Throwable failure = catchThrowable(() -> using.await(Calls.CLOSING));
            TypedFailure.check(failure, DewyException.class, secrets());
        }
    }

    private void openAndClose(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            try (T instance = open()) {
                useOnce(instance);
            }
        }
    }

    private void useThriceAlone() throws Exception {
        try (T own = open()) {
            useThrice(own);
        }
    }

    private void useThrice(T instance) throws Exception {
        for (int i = 0; i < 3; i++) {
            useOnce(instance);
        }
    }

    private void useOnce(T instance) throws Exception {
        try (CancellableCall call = call()) {
            use(instance, call);
        }
    }
}
