package dewy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CancellableCallTest {
    @Test
    void closesWhatItWaitsForWhenItsTimeIsOver() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (CancellableCall call = CancellableCall.of("test", Duration.ofMillis(20))) {
            call.onCancel(closed::countDown);

            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(call.isOver()).isTrue();
            assertThatThrownBy(call::check).isInstanceOf(ExpiredException.class);
        }
    }

    @Test
    void runsOutByTheClockItWasGiven() throws Exception {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        CancellableCall call = CancellableCall.of(
                "test", Optional.of("d1"), Duration.ofNanos(10), now::get, (what, done, total) -> {});
        call.check();
        now.addAndGet(9);
        assertThat(call.remaining()).isEqualTo(Duration.ofNanos(1));
        now.addAndGet(1);
        assertThat(call.remaining()).isZero();
        assertThatThrownBy(call::check).isInstanceOf(ExpiredException.class);
    }

    @Test
    void pausesNoLongerThanItIsWanted() throws Exception {
        try (CancellableCall call = call(Duration.ofHours(1))) {
            call.pause(Duration.ofMillis(1));
            Thread pausing = new Thread(() ->
                    assertThatThrownBy(() -> call.pause(Duration.ofHours(1))).isInstanceOf(CancelledException.class));
            pausing.start();
            call.cancel("the test cancelled it");
            pausing.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(pausing.isAlive()).isFalse();
        }
    }

    @Test
    void isExpiredByATimer() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        try (CancellableCall call = call(Duration.ofMillis(20)).expiredBy(timer)) {
            call.onCancel(closed::countDown);
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(call::check).isInstanceOf(ExpiredException.class);
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void endsThePartsOfItWithItselfAndNotTheOtherWayRound() throws Exception {
        try (CancellableCall call = call(Duration.ofHours(1));
                CancellableCall first = call.within(Duration.ofHours(2));
                CancellableCall second = call.within(Duration.ofMinutes(1))) {
            assertThat(first.remaining()).isLessThanOrEqualTo(Duration.ofHours(1));
            assertThat(second.remaining()).isLessThanOrEqualTo(Duration.ofMinutes(1));
            second.expire();
            assertThatThrownBy(second::check).isInstanceOf(ExpiredException.class);
            call.check();
            call.cancel("nobody wants it");
            assertThatThrownBy(first::check)
                    .isInstanceOf(CancelledException.class)
                    .hasMessageContaining("nobody wants it");
        }
    }

    @Test
    void hasThePartsOfItExpiredByItsTimer() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        try (CancellableCall call = call(Duration.ofHours(1)).expiredBy(timer);
                CancellableCall part = call.within(Duration.ofMillis(20))) {
            part.onCancel(closed::countDown);
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(call.isOver()).isFalse();
        } finally {
            timer.shutdownNow();
        }
    }

    /** An agent makes one a cycle, and most of them have hours. */
    @Test
    void leavesNothingInTheTimerOnceItIsClosed() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        timer.setRemoveOnCancelPolicy(true);
        try (CancellableCall call = call(Duration.ofHours(1)).expiredBy(timer)) {
            assertThat(call.isOver()).isFalse();
            assertThat(timer.getQueue()).hasSize(1);
        }
        assertThat(timer.getQueue()).isEmpty();
        timer.shutdown();
    }

    private static CancellableCall call(Duration limit) {
        return CancellableCall.of("test", Optional.empty(), limit, System::nanoTime, (what, done, total) -> {});
    }

    @Test
    void closesEverythingThoughOneThingDoesNotClose() {
        CancellableCall call = CancellableCall.of("test", Duration.ofHours(1));
        List<Integer> closed = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int number = i;
            call.onCancel(() -> {
                closed.add(number);
                if (number % 3 == 0) {
                    throw new IllegalStateException("does not close");
                }
            });
        }
        assertThatThrownBy(() -> call.cancel("enough")).hasMessage("does not close");
        assertThat(closed).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void closesAtOnceWhatIsRegisteredTooLate() {
        CancellableCall call = CancellableCall.of("test", Duration.ofHours(1));
        call.cancel("enough");
        CountDownLatch closed = new CountDownLatch(1);
        call.onCancel(closed::countDown);
        assertThat(closed.getCount()).isZero();
        assertThatThrownBy(call::check).isInstanceOf(CancelledException.class).hasMessageContaining("enough");
    }

    @Test
    void leavesAloneWhatWasDoneBefore() {
        CancellableCall call = CancellableCall.of("test", Duration.ofHours(1));
        List<String> closed = new ArrayList<>();
        call.onCancel(() -> closed.add("done before")).close();
        call.onCancel(() -> closed.add("under way"));
        call.cancel("enough");
        call.cancel("again");
        assertThat(closed).containsExactly("under way");
    }
}
