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
        boolean isDue();

        /** Returns how long it is left alone first. */
        Duration pause();

        /** Puts it in order. When this throws, or it is due still, it is asked once more. */
        void mend(Call call) throws DewyException;
    }

    private final Executor threads;
    private final Charge charge;
    private final Lifetime lifetime = new Lifetime();
    private Optional<CancellableCall> current = Optional.empty();
    private boolean busy;
    private boolean closed;

    Caretaker(Executor threads, Charge charge) {
        this.threads = threads;
        this.charge = charge;
    }

    /** Has it look whether there is something to be done. */
    synchronized void wake() {
        if (!busy && !closed && charge.isDue()) {
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
        while (goesOn()) {
            try (CancellableCall call = begin()) {
                pause(lifetime.bind(call), charge.pause());
                charge.mend(lifetime.bind(call));
            } catch (DewyException e) {
                pause(); // The proxy or the host is away, or somebody else has the turn.
            }
        }
    }

    private synchronized boolean goesOn() {
        current = Optional.empty();
        busy = !closed && charge.isDue();
        return busy;
    }

    private synchronized CancellableCall begin() {
        CancellableCall call = CancellableCall.of("care of an app", LIMIT);
        current = Optional.of(call);
        return call;
    }

    private void pause() {
        try (CancellableCall call = CancellableCall.of("pause", PAUSE.multipliedBy(2))) {
            pause(lifetime.bind(call), PAUSE);
        } catch (DewyException e) {
            // It is closed, which is asked next.
        }
    }

    private static void pause(Call call, Duration time) throws DewyException {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration waking = call.onCancel(over::countDown)) {
            boolean unused = over.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.check();
    }
}
