package dewy.archive.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiskWorkersTest {
    private final DiskWorkers workers = new DiskWorkers("sync", 2, 2);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void close() {
        goOn.countDown();
        workers.close();
    }

    @Test
    void awaitsAllThatWasSubmitted() throws Exception {
        AtomicInteger done = new AtomicInteger();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 100; i++) {
            workers.submit(() -> {
                threads.add(Thread.currentThread());
                done.incrementAndGet();
            });
        }
        workers.await(CancellableCall.of("test", Duration.ofMinutes(2)));

        assertThat(done).hasValue(100);
        assertThat(threads).hasSizeBetween(1, 3);
    }

    @Test
    void hasTheCallerHelpOrDeclinesWhenEverybodyIsBusy() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(workers.offer(this::stay)).isTrue();
        }
        AtomicInteger done = new AtomicInteger();

        assertThat(workers.offer(done::incrementAndGet)).isFalse();
        workers.submit(done::incrementAndGet);

        assertThat(done).hasValue(1);
        goOn.countDown();
        workers.await(CancellableCall.of("test", Duration.ofMinutes(2)));
    }

    @Test
    void tellsTheFirstFailureWhateverItIs() {
        IllegalStateException first = new IllegalStateException();
        DiskWorkers alone = new DiskWorkers("sync", 1, 2);
        try (alone) {
            alone.submit(() -> {
                throw first;
            });
            alone.submit(() -> {
                throw new IOException("Input/output error");
            });

            assertThatThrownBy(() -> alone.await(CancellableCall.of("test", Duration.ofMinutes(2))))
                    .isSameAs(first);
        }
    }

    @Test
    void doesNotAwaitMoreThanTheCall() {
        CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(2));
        workers.submit(this::stay);
        workers.submit(() -> call.cancel("the app was stopped"));

        assertThatThrownBy(() -> workers.await(call)).isInstanceOf(CancelledException.class);
    }

    private void stay() throws IOException {
        try {
            goOn.await();
        } catch (InterruptedException closed) {
            throw new IOException(closed);
        }
    }
}
