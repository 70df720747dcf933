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
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The state machine of an app, which reacts to what its generations and the timer tell it. The {@link Startup} brings a
 * generation up, {@link Generations} are those that serve or are on their way out, {@link CrashRecovery} starts again what
 * crashed; here is when each of them has something to do, and when nothing is to change, since the app is handed over or was
 * closed. One lock guards the state of them all, and nothing blocks under it. Only who has the {@link Turn} starts a generation,
 * so a restart after a crash never competes with an activation: what a failed one leaves to do is taken up when the turn is
 * given back.
 */
final class Supervisor implements Generation.Watcher {
    private enum Lifecycle {
        OPEN,
        /** A successor is being brought up: a crash is dealt with afterwards, by it or here. */
        FROZEN,
        HANDED_OVER,
        CLOSED
    }

    private final Traffic traffic;
    private final ServerEvents events;
    private final Checkpoints checkpoints;
    private final Turn turn = new Turn();
    private final Generations generations;
    private final RestartSchedule restarts;
    private final Ledger ledger;
    private final Startup startup;
    private final CrashRecovery recovery;
    private Lifecycle lifecycle = Lifecycle.OPEN;

    /** Takes up where {@code past} ends, once {@link #begin} is called. */
    Supervisor(
            ProcessSettings settings,
            ServerLauncher launcher,
            Traffic traffic,
            Timer timer,
            ServerEvents events,
            Checkpoints checkpoints,
            Supervision past) {
        this.traffic = traffic;
        this.events = events;
        this.checkpoints = checkpoints;
        generations = new Generations(settings, traffic, timer, events, this);
        restarts = new RestartSchedule(timer, settings.maxRestarts(), past.restarts(), this::restartCrashed);
        ledger = new Ledger(past, generations, restarts, timer);
        startup = new Startup(settings, launcher, traffic, events, checkpoints, ledger, this);
        recovery = new CrashRecovery(restarts, ledger, turn, events, this);
    }

    /** Begins to watch the generations that somebody else started. */
    synchronized void begin(Supervision past) {
        past.serving().ifPresent(serving -> restarts.up());
        generations.adopt(past);
        Completion.then(
                traffic.adopt(
                        past.serving(), past.activation().map(Attempt::version).orElse("")),
                done -> dismiss());
        if (past.isBereft()) {
            recovery.bereft();
        }
        recovery.resume();
        keepSoon();
    }

    /** Waits until nobody else starts a generation. */
    void takeTurn(Call call) throws DewyException {
        turn.take(call);
    }

    void giveTurn() {
        turn.give();
        recovery.resume();
    }

    /** Launches a generation for whoever has the turn, who keeps it until the outcome is known. */
    Attempt start(Activation wanted, Cause cause) throws DewyException {
        Attempt attempt = attempt(wanted, cause);
        startup.launch(attempt);
        return attempt;
    }

    /**
     * Makes it last that a generation became ready, and only then tells the one before to stop: what is kept never names a
     * server that was told. For whoever has the turn.
     */
    void settle() {
        keep();
        dismiss();
        keepSoon();
    }

    /** Keeps what runs, as far as that can be done. */
    void keep() {
        checkpoints.tryToKeep(this::lasting);
    }

    /** Ends an attempt that nobody wants any more; does nothing when it has ended. */
    void withdraw(Attempt attempt) {
        startup.fail(attempt, new Outcome.Withdrawn());
    }

    /** Returns whether an attempt that failed may have done so because somebody else has taken the port of its server. */
    synchronized boolean lostItsPort(Attempt failed) {
        return failed.generation()
                .filter(gone -> traffic.isTaken(gone.identity().port()))
                .isPresent();
    }

    /** Returns what was activated last and became ready. */
    synchronized Optional<Activation> activation() {
        return ledger.activation();
    }

    /** Returns what is known at this moment. */
    synchronized Supervision now() {
        return ledger.now();
    }

    /** Returns what is known, as if what is under way had failed. */
    synchronized Supervision lasting() {
        return ledger.lasting();
    }

    /**
     * Ends everything; what it returns completes when nothing is left, little later than both times have passed.
     *
     * @param drainTime how long what is on its way to a server may take before that is told
     * @param grace how long the server may take then
     */
    synchronized CompletableFuture<Void> stop(Duration drainTime, Duration grace) throws CancelledException {
        requireOpen();
        return end(drainTime, grace);
    }

    /** As {@link #stop}, for good; what was handed over goes on. */
    synchronized CompletableFuture<Void> close(Duration drainTime, Duration grace) {
        if (lifecycle != Lifecycle.HANDED_OVER) {
            lifecycle = Lifecycle.CLOSED;
        }
        return end(drainTime, grace);
    }

    /** Leaves the traffic where it is, once it was {@linkplain #close closed}. */
    void forsake() {
        traffic.release();
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
        traffic.suspend();
        return now();
    }

    /** Leaves everything to the successor, and gives back the turn. */
    synchronized void release() {
        lifecycle = Lifecycle.HANDED_OVER;
        traffic.release();
        generations.release();
        giveTurn();
    }

    /** Goes on after standing still, makes up for a crash meanwhile, and gives back the turn. */
    synchronized void thaw() {
        lifecycle = Lifecycle.OPEN;
        traffic.resume();
        dismiss();
        generations
                .serving()
                .filter(generation -> !generation.isAlive())
                .ifPresent(crashed ->
                        Completion.then(crashed.identity().child().exit(), status -> exited(crashed, status)));
        giveTurn();
        keepSoon();
    }

    @Override
    public synchronized void exited(Generation generation, ExitStatus status) {
        if (isFrozen()) {
            return;
        }
        generations.ended(generation);
        Optional<Attempt> failed = ledger.attemptOf(generation);
        if (failed.isPresent()) {
            startup.fail(failed.get(), new Outcome.Exited(status));
        } else if (generations.isServing(generation)) {
            generations.lose();
            crashed(OptionalLong.of(generation.pid()), ExitReason.of(status));
        }
    }

    @Override
    public synchronized void ready(Generation generation) {
        ledger.attemptOf(generation)
                .filter(attempt -> generation.isAlive())
                .ifPresent(attempt -> startup.lead(attempt, generation));
    }

    @Override
    public void late(Generation generation) {
        Outcome late = new Outcome.Late(generation.missing());
        synchronized (this) {
            ledger.attemptOf(generation)
                    .filter(attempt -> !attempt.isFoundReady())
                    .ifPresent(attempt -> startup.fail(attempt, late));
        }
    }

    @Override
    public synchronized void told(Generation generation) {
        if (generations.isServing(generation)) {
            ledger.told(generation.status());
        }
        events.told(generation);
    }

    @Override
    public void answered(Generation generation, String answer) {
        events.answered(generation, answer);
    }

    @Override
    public void outlived(Generation generation) {
        events.killed(generation);
    }

    private synchronized Attempt attempt(Activation wanted, Cause cause) throws CancelledException {
        requireOpen();
        if (cause == Cause.CRASH && ledger.state() != State.BACKING_OFF) {
            throw notWanted();
        }
        restarts.suspend();
        Attempt attempt = ledger.begin(wanted, cause);
        events.starting(attempt.number());
        return attempt;
    }

    private synchronized void dismiss() {
        generations.dismissReplaced();
    }

    boolean isOpen() {
        return lifecycle == Lifecycle.OPEN;
    }

    /** Returns whether a successor is being brought up, and nothing is to change meanwhile. */
    boolean isFrozen() {
        return lifecycle == Lifecycle.FROZEN;
    }

    /** Has what runs kept soon, as far as that can be done. */
    void keepSoon() {
        checkpoints.keepSoon(this::lasting);
    }

    void crashed(OptionalLong pid, String reason) {
        recovery.crashed(pid, reason);
    }

    private void restartCrashed() {
        recovery.restart();
    }

    /** A generation that was replaced, because it lacked the sockets, is dismissed as with an activation. */
    synchronized void restarted() {
        if (generations.hasReplaced()) {
            checkpoints.inBackground(() -> {
                settle();
                giveTurn();
            });
        } else {
            keepSoon();
            giveTurn();
        }
    }

    private CompletableFuture<Void> end(Duration drainTime, Duration grace) {
        restarts.suspend();
        Optional<Attempt> withdrawn = ledger.current();
        withdrawn.ifPresent(this::withdraw);
        ledger.enter(State.STOPPED, "");
        CompletableFuture<Void> gone = generations.end(drainTime, grace);
        return withdrawn
                .map(attempt -> CompletableFuture.allOf(gone, attempt.outcome()))
                .orElse(gone);
    }

    private void requireOpen() throws CancelledException {
        if (!isOpen()) {
            throw notWanted();
        }
    }

    private static CancelledException notWanted() {
        return new CancelledException(
                new Problem("start or stop the server", "", "it was stopped, or handed over, meanwhile", ""));
    }
}
