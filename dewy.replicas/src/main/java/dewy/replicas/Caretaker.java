package dewy.replicas;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.plugin.Lifetime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Puts in order in the background what is not as it should be, and tries again until it is. It has a thread only while there is
 * something to be done. Safe for use by several threads.
 */
final class Caretaker {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** What is to be looked after. */
    interface Charge {
        /** Returns in what time it is to be put in order; empty when it is as it should be. */
        Optional<Duration> dueIn();

        /** Puts it in order. When this throws, or something is due still, it is asked once more. */
        void mend(Call call) throws DewyException;
    }

    private final Executor threads;
    private final Charge charge;
    private final Lifetime lifetime = new Lifetime();
    private Optional<CancellableCall> current = Optional.empty();
    private CountDownLatch woken = new CountDownLatch(1);
    private boolean busy;
    private boolean closed;

    Caretaker(Executor threads, Charge charge) {
        this.threads = threads;
        this.charge = charge;
    }

    /** Has it look whether there is something to be done, and when. */
    synchronized void wake() {
        woken.countDown();
        if (!busy && !closed && charge.dueIn().isPresent()) {
            busy = true;
            threads.execute(this::work);
        }
    }

    /** Has it begin anew, since somebody else has something more important to do. */
    void interrupt() {
        Optional<CancellableCall> interrupted;
        synchronized (this) {
            interrupted = current;
        }
        interrupted.ifPresent(call -> call.cancel("something else is to serve"));
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        lifetime.close();
    }

    private void work() {
        for (Optional<Duration> due = next(); due.isPresent(); due = next()) {
            try (CancellableCall call = begin(due.get())) {
                if (isTime(lifetime.bind(call), due.get())) {
                    charge.mend(lifetime.bind(call));
                }
            } catch (DewyException e) {
                pause(); // The proxy or the host is away, or somebody else has the turn.
            }
        }
    }

    /** Whatever it is woken for from now on is not in what this returns. */
    private synchronized Optional<Duration> next() {
        current = Optional.empty();
        woken = new CountDownLatch(1);
        Optional<Duration> due = closed ? Optional.empty() : charge.dueIn();
        busy = due.isPresent();
        return due;
    }

    private synchronized CancellableCall begin(Duration due) {
        CancellableCall call = CancellableCall.of("care of an app", LIMIT.plus(due));
        current = Optional.of(call);
        return call;
    }

    private void pause() {
        try (CancellableCall call = CancellableCall.of("pause", PAUSE.multipliedBy(2))) {
            lifetime.bind(call).pause(PAUSE);
        } catch (DewyException e) {
            // It is closed, which is asked next.
        }
    }

    /** Waits so long; returns whether it was not woken meanwhile. */
    private boolean isTime(Call call, Duration due) throws DewyException {
        CountDownLatch sooner = latch();
        boolean over = true;
        try (Registration waking = call.onCancel(sooner::countDown)) {
            over = !sooner.await(due.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.check();
        return over;
    }

    private synchronized CountDownLatch latch() {
        return woken;
    }
}
