package dewy.runtime.process;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.process.ExitStatus;
import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.runtime.process.Attempt.Cause;
import dewy.runtime.process.Attempt.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The state machine of an app: which generation serves, which one is about to, and whether a crashed one is started again.
 * It reacts to what its generations and the timer tell it; one lock guards its state, and nothing blocks under it. Only
 * who has the {@link Turn} starts a generation, so a restart after a crash never competes with an activation: what a
 * failed one leaves to do is taken up when the turn is given back.
 */
final class Supervisor implements Generation.Watcher {
    private enum Lifecycle {
        OPEN,
        /** A successor is being brought up: a crash is dealt with afterwards, by it or here. */
        FROZEN,
        HANDED_OVER,
        CLOSED
    }

    private final ProcessSettings settings;
    private final ServerLauncher launcher;
    private final Timer timer;
    private final ServerEvents events;
    private final Turn turn = new Turn();
    private final Generations generations;
    private final RestartSchedule restarts;
    private Lifecycle lifecycle = Lifecycle.OPEN;
    private Standing standing;
    private long newest;
    private long served;
    private Optional<Activation> activation;
    private Optional<Attempt> current = Optional.empty();

    /** Takes up where {@code past} ends, once {@link #begin} is called. */
    Supervisor(ProcessSettings settings, ServerLauncher launcher, Timer timer, ServerEvents events, Supervision past) {
        this.settings = settings;
        this.launcher = launcher;
        this.timer = timer;
        this.events = events;
        generations = new Generations(settings.stopTimeout(), events);
        RestartBackoff backoff = new RestartBackoff(settings.maxRestarts(), past.restarts());
        restarts = new RestartSchedule(timer, backoff, this::restartCrashed);
        standing = past.standing();
        newest = past.newest();
        served = past.served();
        activation = past.activation();
    }

    /** Begins to watch the generations that somebody else started. */
    synchronized void begin(Supervision past) {
        past.draining().forEach(identity -> generations.adoptDraining(new Generation(identity, timer, this)));
        past.serving().ifPresent(identity -> {
            restarts.up();
            generations.adoptServing(new Generation(identity, timer, this));
        });
        resume();
    }

    /** Waits until nobody else starts a generation. */
    void takeTurn(Call call) throws DewyException {
        turn.take(call);
    }

    void giveTurn() {
        turn.give();
        resume();
    }

    /** Launches a generation for whoever has the turn, who keeps it until the outcome is known. */
    Attempt start(Activation wanted, Cause cause) throws DewyException {
        Attempt attempt = attempt(wanted, cause);
        boolean launched = false;
        try {
            launch(attempt);
            launched = true;
        } finally {
            if (!launched) {
                withdraw(attempt);
                attempt.notLaunched();
            }
        }
        return attempt;
    }

    /** Ends an attempt that nobody wants any more; does nothing when it has ended. */
    synchronized void withdraw(Attempt attempt) {
        if (isCurrent(attempt)) {
            fail(attempt, new Outcome.Withdrawn());
        }
    }

    /** Returns what was activated last and became ready. */
    synchronized Optional<Activation> activation() {
        return activation;
    }

    /** Returns what is known at this moment. */
    synchronized Supervision now() {
        return new Supervision(
                standing,
                newest,
                served,
                restarts.restarts(),
                activation,
                generations.serving().map(Generation::identity),
                generations.draining().stream().map(Generation::identity).toList());
    }

    /** Ends everything; what it returns completes when nothing is left, little later than {@code grace}. */
    synchronized CompletableFuture<Void> stop(Duration grace) throws CancelledException {
        requireOpen();
        return end(grace);
    }

    /** As {@link #stop}, for good; what was handed over goes on. */
    synchronized CompletableFuture<Void> close(Duration grace) {
        if (lifecycle != Lifecycle.HANDED_OVER) {
            lifecycle = Lifecycle.CLOSED;
        }
        return end(grace);
    }

    /** Kills what is on its way out. */
    void kill() {
        generations.kill();
    }

    /** Stands still, for whoever has the turn, and returns what a successor needs to go on. */
    synchronized Supervision freeze() throws CancelledException {
        requireOpen();
        lifecycle = Lifecycle.FROZEN;
        restarts.suspend();
        return now();
    }

    /** Leaves everything to the successor, and gives back the turn. */
    synchronized void release() {
        lifecycle = Lifecycle.HANDED_OVER;
        generations.release();
        giveTurn();
    }

    /** Goes on after standing still, makes up for a crash meanwhile, and gives back the turn. */
    synchronized void thaw() {
        lifecycle = Lifecycle.OPEN;
        generations
                .serving()
                .filter(generation -> !generation.isAlive())
                .ifPresent(crashed ->
                        Completion.then(crashed.identity().child().exit(), status -> exited(crashed, status)));
        giveTurn();
    }

    @Override
    public synchronized void exited(Generation generation, ExitStatus status) {
        if (lifecycle == Lifecycle.FROZEN) {
            return;
        }
        Optional<Attempt> failed = current.filter(attempt -> attempt.isOf(generation));
        if (failed.isPresent()) {
            fail(failed.get(), new Outcome.Exited(status));
        } else if (generations.isServing(generation)) {
            generations.lose();
            crashed(OptionalLong.of(generation.pid()), ExitReason.of(status));
        }
    }

    @Override
    public void outlived(Generation generation) {
        events.killed(generation);
    }

    private synchronized Attempt attempt(Activation wanted, Cause cause) throws CancelledException {
        requireOpen();
        if (cause == Cause.CRASH && standing.state() != State.BACKING_OFF) {
            throw notWanted();
        }
        restarts.suspend();
        newest++;
        events.starting(newest);
        Attempt attempt = new Attempt(newest, wanted, cause, standing);
        current = Optional.of(attempt);
        if (cause == Cause.REQUEST && standing.state() != State.RUNNING) {
            enter(State.STARTING, "");
        }
        return attempt;
    }

    private void launch(Attempt attempt) throws DewyException {
        Generation.Identity identity =
                new Generation.Identity(attempt.number(), launcher.launch(attempt.number(), attempt.activation()));
        Generation generation = new Generation(identity, timer, this);
        synchronized (this) {
            attempt.launched(generation);
        }
        generation.watch(settings.stopTimeout());
        timer.after(settings.readyTime(), () -> ready(attempt, generation));
    }

    private synchronized void ready(Attempt attempt, Generation generation) {
        if (!isCurrent(attempt) || !generation.isAlive()) {
            return;
        }
        current = Optional.empty();
        served = attempt.number();
        activation = Optional.of(attempt.activation());
        restarts.up();
        if (attempt.cause() == Cause.CRASH) {
            enter(State.RUNNING, standing.detail());
            events.recovered(generation);
        } else {
            restarts.forgive();
            enter(State.RUNNING, "");
            events.started(generation);
        }
        generations.serve(generation);
        attempt.conclude(new Outcome.Ready());
    }

    private void fail(Attempt attempt, Outcome outcome) {
        current = Optional.empty();
        if (standing.state() == State.STARTING) {
            standing = attempt.before();
        }
        if (attempt.cause() == Cause.CRASH && outcome instanceof Outcome.Exited exited) {
            crashed(attempt.pid(), ExitReason.of(exited.status()));
        }
        attempt.conclude(outcome);
    }

    private void crashed(OptionalLong pid, String reason) {
        Optional<Duration> delay = restarts.crashed();
        events.exited(pid, reason, delay);
        if (delay.isPresent()) {
            enter(State.BACKING_OFF, reason);
            resume();
        } else {
            enter(State.FAILED, reason);
            events.gaveUp(reason, restarts.restarts());
        }
    }

    /** Sees to it that a restart that is due is tried, by whoever has the turn then. */
    private synchronized void resume() {
        if (lifecycle == Lifecycle.OPEN && standing.state() == State.BACKING_OFF && current.isEmpty()) {
            restarts.resume();
        }
    }

    private void restartCrashed() {
        if (!turn.tryTake()) {
            return;
        }
        try {
            Attempt attempt = start(activation().orElseThrow(), Cause.CRASH);
            Completion.then(attempt.outcome(), outcome -> giveTurn());
        } catch (DewyException | RuntimeException e) {
            cannotRestart(String.valueOf(e.getMessage()));
            giveTurn();
        }
    }

    private synchronized void cannotRestart(String reason) {
        if (lifecycle == Lifecycle.OPEN && standing.state() == State.BACKING_OFF) {
            crashed(OptionalLong.empty(), reason);
        }
    }

    private CompletableFuture<Void> end(Duration grace) {
        restarts.suspend();
        Optional<Attempt> withdrawn = current;
        withdrawn.ifPresent(this::withdraw);
        enter(State.STOPPED, "");
        CompletableFuture<Void> gone = generations.end(grace);
        return withdrawn
                .map(attempt -> CompletableFuture.allOf(gone, attempt.outcome()))
                .orElse(gone);
    }

    /** The one place where the state changes; but a failed attempt goes back to what was before, time included. */
    private void enter(State state, String detail) {
        standing = new Standing(state, timer.now(), detail);
    }

    private boolean isCurrent(Attempt attempt) {
        return current.filter(attempt::equals).isPresent();
    }

    private void requireOpen() throws CancelledException {
        if (lifecycle != Lifecycle.OPEN) {
            throw notWanted();
        }
    }

    private static CancelledException notWanted() {
        return new CancelledException(
                new Problem("start or stop the server", "", "it was stopped, or handed over, meanwhile", ""));
    }
}
