package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is to change what serves: one at a time, on whatever threads. It is no lock, since a handover holds it from
 * one call to the next.
 */
final class Turn {
    private boolean taken;

    /** Waits for the turn, as long as the call lasts. */
    void take(Call call) throws DewyException {
        try (Registration waking = call.onCancel(this::wake)) {
            await(call);
        }
    }

    synchronized void give() {
        taken = false;
        notifyAll();
    }

    private synchronized void await(Call call) throws DewyException {
        call.check();
        while (taken) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(call.remaining().toNanos(), 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            call.check();
        }
        taken = true;
    }

    private synchronized void wake() {
        notifyAll();
    }
}
