package dewy.runtime.process;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;

/**
 * The right to start a generation, which one has at a time: an activation, a restart, a restart after a crash, or a
 * handover, which starts none. It may be given back by another thread than the one that took it.
 */
final class Turn {
    private static final long LONGEST_WAIT_MILLIS = 1_000;

    private boolean taken;

    /** Waits for the turn as long as the call lasts. */
    void take(Call call) throws DewyException {
        try (Registration waking = call.onCancel(this::wake)) {
            waitFor(call);
        }
    }

    /** Takes the turn if nobody has it. */
    synchronized boolean tryTake() {
        boolean free = !taken;
        taken = true;
        return free;
    }

    /** Gives the turn back. */
    synchronized void give() {
        taken = false;
        notifyAll();
    }

    private synchronized void waitFor(Call call) throws DewyException {
        call.check();
        while (taken) {
            try {
                wait(Math.min(call.remaining().toMillis() + 1, LONGEST_WAIT_MILLIS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException(new Problem("start the server", "", "the agent is stopping", ""), e);
            }
            call.check();
        }
        taken = true;
    }

    private synchronized void wake() {
        notifyAll();
    }
}
