package dewy.core.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnsTest {
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Turns turns = new Turns("test-turns", pool);
    private final CountDownLatch blocked = new CountDownLatch(1);

    @AfterEach
    void endPool() {
        blocked.countDown();
        pool.shutdownNow();
    }

    @Test
    void neverDoesTwoThingsAtOnceAndKeepsTheirOrder() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        BlockingQueue<Integer> done = new LinkedBlockingQueue<>();
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            add(() -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                done.add(number);
                atOnce.decrementAndGet();
            });
        }
        turns.finish(Duration.ofSeconds(20));
        assertThat(most).hasValue(1);
        assertThat(List.copyOf(done))
                .isEqualTo(IntStream.range(0, 10_000).boxed().toList());
    }

    @Test
    void othersDoNotWaitForOneThatHangs() throws Exception {
        add(this::block);
        Turns other = new Turns("test-other", pool);
        FutureTask<Boolean> work = new FutureTask<>(() -> true);
        other.add(work);
        assertThat(work.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        add(() -> {
            throw new IllegalStateException("for the test");
        });
        FutureTask<Boolean> next = new FutureTask<>(() -> true);
        turns.add(next);
        assertThat(next.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptsAtTheEndWhatIsBeingDoneAndCancelsWhatWaits() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        add(() -> {
            begun.countDown();
            block();
            interrupted.complete(Thread.interrupted());
        });
        FutureTask<Boolean> waiting = new FutureTask<>(() -> true);
        turns.add(waiting);
        begun.await();
        turns.end();
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting).isCancelled();
        assertThat(turns.add(new FutureTask<>(() -> true))).isFalse();
    }

    @Test
    void takesNothingMoreWhenThePoolHasEnded() {
        pool.shutdown();
        assertThat(turns.add(new FutureTask<>(() -> true))).isFalse();
        assertThat(turns.add(new FutureTask<>(() -> true))).isFalse();
    }

    @Test
    void finishesWhatWasTakenAndNothingMore() {
        AtomicInteger done = new AtomicInteger();
        add(done::incrementAndGet);
        add(done::incrementAndGet);
        turns.finish(Duration.ofSeconds(20));
        assertThat(turns.add(new FutureTask<>(done::incrementAndGet))).isFalse();
        assertThat(done).hasValue(2);
    }

    @Test
    void doesNotWaitForEverToFinish() {
        add(this::block);
        turns.finish(Duration.ofMillis(10));
        assertThat(blocked.getCount()).isEqualTo(1);
    }

    private void add(Runnable work) {
        assertThat(turns.add(new FutureTask<>(Executors.callable(work)))).isTrue();
    }

    private void block() {
        try {
            blocked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
