package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.ExpiredException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TurnTest {
    private final Turn turn = new Turn();
    private final CancellableCall call = CancellableCall.of("trace", Duration.ofMinutes(1));

    @Test
    void goesToOneAtATime() throws Exception {
        turn.take(call);
        CountDownLatch taken = new CountDownLatch(1);
        Thread other = inBackground(() -> {
            turn.take(call);
            taken.countDown();
        });

        assertThat(turn.tryTake()).isFalse();
        assertThat(taken.getCount()).isEqualTo(1);
        turn.give();
        taken.await();
        other.join();
        assertThat(turn.tryTake()).isFalse();
    }

    @Test
    void isNotWaitedForOnceTheCallIsCancelled() throws Exception {
        turn.take(call);
        AtomicReference<Exception> thrown = new AtomicReference<>();
        CancellableCall waiting = CancellableCall.of("trace", Duration.ofMinutes(1));
        Thread other = inBackground(() -> {
            try {
                turn.take(waiting);
            } catch (CancelledException e) {
                thrown.set(e);
            }
        });
        waiting.cancel("the app was removed");
        other.join();

        assertThat(thrown.get()).isInstanceOf(CancelledException.class).hasMessageContaining("the app was removed");
    }

    @Test
    void isNotWaitedForLongerThanTheCallLasts() {
        assertThat(turn.tryTake()).isTrue();

        assertThatThrownBy(() -> turn.take(CancellableCall.of("trace", Duration.ofMillis(20))))
                .isInstanceOf(ExpiredException.class);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Thread inBackground(Step step) {
        Thread thread = new Thread(() -> {
            try {
                step.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        return thread;
    }
}
