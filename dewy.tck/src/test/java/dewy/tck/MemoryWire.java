package dewy.tck;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What is between hosts and a server in memory, and may be slow, hang or break. */
final class MemoryWire {
    /** Something that a server is asked for. */
    @FunctionalInterface
    interface Request<T> {
        T answer() throws MemoryServer.Fenced;
    }

    private final MemoryClock clock;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Duration> delay = new AtomicReference<>(Duration.ZERO);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private volatile Optional<Trouble> trouble = Optional.empty();

    MemoryWire(MemoryClock clock) {
        this.clock = clock;
    }

    void befall(Trouble what) {
        trouble = Optional.of(what);
    }

    /** Has the next answer come so much later. */
    void delay(Duration time) {
        delay.set(time);
    }

    int asked() {
        return asked.get();
    }

    void awaitHanging() throws InterruptedException {
        hanging.await();
    }

    <T> T ask(Call call, Request<T> request) throws DewyException, MemoryServer.Fenced {
        call.check();
        asked.incrementAndGet();
        if (trouble.equals(Optional.of(Trouble.DOWN))) {
            throw unreachable("nobody answers");
        }
        if (trouble.equals(Optional.of(Trouble.HANGING))) {
            hang(call);
        }
        T answer = request.answer();
        clock.advance(delay.getAndSet(Duration.ZERO));
        if (trouble.equals(Optional.of(Trouble.BREAKING_OFF))) {
            throw unreachable("the answer broke off");
        }
        return answer;
    }

    private void hang(Call call) throws DewyException {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration waking = call.onCancel(over::countDown)) {
            hanging.countDown();
            over.await();
            waking.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.check();
        throw unreachable("it was interrupted");
    }

    private static UnreachableException unreachable(String why) {
        return new UnreachableException(new Problem("ask the store", "", why, ""));
    }
}
