package dewy.runtime.process;

import dewy.api.DewyException;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.runtime.process.Attempt.Cause;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happens after a crash: the app is started again when the {@link RestartSchedule} says so, by whoever has the turn then,
 * or given up. Its steps take the lock of the supervisor; starting, which blocks, is done without it.
 */
final class CrashRecovery {
    private final RestartSchedule restarts;
    private final Ledger ledger;
    private final Turn turn;
    private final ServerEvents events;
    private final Supervisor supervisor;

    CrashRecovery(RestartSchedule restarts, Ledger ledger, Turn turn, ServerEvents events, Supervisor supervisor) {
        this.restarts = restarts;
        this.ledger = ledger;
        this.turn = turn;
        this.events = events;
        this.supervisor = supervisor;
    }

    /** What serves crashed, or could not be started again: then there may be no process. */
    void crashed(OptionalLong pid, String reason) {
        Optional<Duration> delay = restarts.crashed();
        events.exited(pid, reason, delay);
        ledger.crashed(delay.isPresent() ? State.BACKING_OFF : State.FAILED, reason);
        if (delay.isPresent()) {
            resume();
        } else {
            events.gaveUp(reason, restarts.restarts());
        }
        supervisor.keepSoon();
    }

    /** The app ended while nobody watched it: for a reason that is gone with what ended the agent, so it counts as no crash. */
    void bereft() {
        String reason = "ended while no agent watched it, and its exit code is not known";
        events.exited(OptionalLong.empty(), reason, Optional.of(Duration.ZERO));
        ledger.enter(State.BACKING_OFF, reason);
    }

    /** Sees to it that a restart that is due is tried, by whoever has the turn then. */
    void resume() {
        synchronized (supervisor) {
            if (isDue() && ledger.current().isEmpty()) {
                restarts.resume();
            }
        }
    }

    /** Starts the app again, unless somebody else starts it. */
    void restart() {
        if (!turn.tryTake()) {
            return;
        }
        try {
            Attempt attempt = supervisor.start(supervisor.activation().orElseThrow(), Cause.CRASH);
            Completion.then(attempt.outcome(), outcome -> supervisor.restarted());
        } catch (DewyException | RuntimeException e) {
            cannotRestart(String.valueOf(e.getMessage()));
            supervisor.giveTurn();
        }
    }

    private void cannotRestart(String reason) {
        synchronized (supervisor) {
            if (isDue()) {
                crashed(OptionalLong.empty(), reason);
            }
        }
    }

    private boolean isDue() {
        return supervisor.isOpen() && ledger.state() == State.BACKING_OFF;
    }
}
