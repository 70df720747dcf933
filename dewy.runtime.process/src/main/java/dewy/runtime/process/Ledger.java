package dewy.runtime.process;

import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.runtime.process.Attempt.Cause;
import dewy.runtime.process.Supervision.Standing;
import dewy.runtime.process.time.Timer;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an app: how it stands, what was activated last, which generations there are, and the attempt that is under
 * way. The supervisor says what happened; {@link Supervision} is what that comes to. Guarded by the lock of the supervisor.
 */
final class Ledger {
    private final Timer timer;
    private final Generations generations;
    private final RestartSchedule restarts;
    private Standing standing;
    private long newest;
    private long served;
    private int crashes;
    private Optional<Activation> activation;
    private Optional<Attempt> current = Optional.empty();

    /** Goes on where {@code past} ends, but for the generations. */
    Ledger(Supervision past, Generations generations, RestartSchedule restarts, Timer timer) {
        this.timer = timer;
        this.generations = generations;
        this.restarts = restarts;
        standing = past.standing();
        newest = past.newest();
        served = past.served();
        crashes = past.crashes();
        activation = past.activation();
    }

    State state() {
        return standing.state();
    }

    /** Returns what was activated last and became ready. */
    Optional<Activation> activation() {
        return activation;
    }

    /** Returns the attempt that is under way. */
    Optional<Attempt> current() {
        return current;
    }

    boolean isCurrent(Attempt attempt) {
        return current.filter(attempt::equals).isPresent();
    }

    /** Returns the attempt that is under way, if it is the one to bring up {@code generation}. */
    Optional<Attempt> attemptOf(Generation generation) {
        return current.filter(attempt -> attempt.isOf(generation));
    }

    /** Begins an attempt at the next generation. */
    Attempt begin(Activation wanted, Cause cause) {
        newest++;
        Attempt attempt = new Attempt(newest, wanted, cause, standing);
        current = Optional.of(attempt);
        if (cause == Cause.REQUEST && state() != State.RUNNING) {
            enter(State.STARTING, "");
        }
        return attempt;
    }

    /** The generation of the attempt that was under way serves. */
    void served(Attempt attempt, Generation ready) {
        generations.serve(ready);
        restarts.up();
        current = Optional.empty();
        served = attempt.number();
        activation = Optional.of(attempt.activation());
        boolean crashed = attempt.cause() == Cause.CRASH;
        if (!crashed) {
            restarts.forgive();
            crashes = 0;
        }
        String status = ready.status();
        enter(State.RUNNING, crashed && status.isEmpty() ? standing.detail() : status);
    }

    /** Nothing comes of the attempt that was under way: all is as before, time included. */
    void failed(Attempt attempt) {
        current = Optional.empty();
        if (state() == State.STARTING) {
            standing = attempt.before();
        }
    }

    /** What serves crashed, or could not be started again; {@code next} says what is done about it. */
    void crashed(State next, String reason) {
        crashes++;
        enter(next, reason);
    }

    /** What serves says how it is doing. */
    void told(String status) {
        if (state() == State.RUNNING) {
            standing = new Standing(State.RUNNING, standing.since(), status);
        }
    }

    void enter(State state, String detail) {
        standing = new Standing(state, timer.now(), detail);
    }

    /** Returns what is known at this moment. */
    Supervision now() {
        return as(standing);
    }

    /** Returns what is known, as if what is under way had failed. */
    Supervision lasting() {
        return as(current.filter(attempt -> state() == State.STARTING)
                .map(Attempt::before)
                .orElse(standing));
    }

    private Supervision as(Standing shown) {
        return new Supervision(
                shown,
                newest,
                served,
                restarts.restarts(),
                crashes,
                activation,
                current.flatMap(Attempt::generation).map(Generation::identity),
                generations.serving().map(Generation::identity),
                identities(generations.replaced()),
                identities(generations.dismissed()));
    }

    private static List<Generation.Identity> identities(List<Generation> generations) {
        return generations.stream().map(Generation::identity).toList();
    }
}
