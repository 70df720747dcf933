package dewy.runtime.process;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.StorageException;
import dewy.api.process.ExitStatus;
import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.runtime.process.Attempt.Cause;
import dewy.runtime.process.Attempt.Outcome;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

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

    /** What a proxy may take to answer, beside the time for draining. */
    private static final Duration PROXY_MARGIN = Duration.ofMillis(300);

    private final ProcessSettings settings;
    private final ServerLauncher launcher;
    private final Traffic traffic;
    private final Timer timer;
    private final ServerEvents events;
    private final Checkpoints checkpoints;
    private final Turn turn = new Turn();
    private final Generations generations;
    private final RestartSchedule restarts;
    private final Ledger ledger;
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
        this.settings = settings;
        this.launcher = launcher;
        this.traffic = traffic;
        this.timer = timer;
        this.events = events;
        this.checkpoints = checkpoints;
        generations = new Generations(settings.stopTimeout(), events);
        restarts = new RestartSchedule(timer, settings.maxRestarts(), past.restarts(), this::restartCrashed);
        ledger = new Ledger(past, generations, restarts, timer);
    }

    /**
     * Begins to watch the generations that somebody else started. One that was not ready is ended: nobody heard what it
     * said since, and what it accepted meanwhile is to be answered.
     */
    synchronized void begin(Supervision past) {
        past.draining().forEach(identity -> generations.adoptDraining(new Generation(identity, timer, this)));
        Stream.concat(past.starting().stream(), past.replaced().stream())
                .forEach(identity -> generations.adoptReplaced(new Generation(identity, timer, this)));
        past.serving().ifPresent(identity -> {
            restarts.up();
            generations.adoptServing(new Generation(identity, timer, this));
        });
        Completion.then(
                traffic.adopt(
                        past.serving(),
                        past.activation().map(Supervisor::version).orElse("")),
                done -> dismiss());
        if (past.isBereft()) {
            // It may have ended long ago, for a reason that is gone with what ended the agent: it counts as no crash.
            String reason = "ended while no agent watched it, and its exit code is not known";
            events.exited(OptionalLong.empty(), reason, Optional.of(Duration.ZERO));
            ledger.enter(State.BACKING_OFF, reason);
        }
        resume();
        checkpoints.keepSoon(this::lasting);
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

    /**
     * Makes it last that a generation became ready, and only then tells the one before to stop: what is kept never names a
     * server that was told. For whoever has the turn.
     */
    void settle() {
        keep();
        dismiss();
        checkpoints.keepSoon(this::lasting);
    }

    /** Keeps what runs, as far as that can be done. */
    void keep() {
        checkpoints.tryToKeep(this::lasting);
    }

    /** Ends an attempt that nobody wants any more; does nothing when it has ended. */
    synchronized void withdraw(Attempt attempt) {
        if (ledger.isCurrent(attempt)) {
            fail(attempt, new Outcome.Withdrawn());
        }
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

    private synchronized Supervision lasting() {
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
        checkpoints.keepSoon(this::lasting);
    }

    @Override
    public synchronized void exited(Generation generation, ExitStatus status) {
        if (lifecycle == Lifecycle.FROZEN) {
            return;
        }
        generations.ended(generation);
        Optional<Attempt> failed = ledger.attemptOf(generation);
        if (failed.isPresent()) {
            fail(failed.get(), new Outcome.Exited(status));
        } else if (generations.isServing(generation)) {
            generations.lose();
            traffic.away(generation.identity());
            crashed(OptionalLong.of(generation.pid()), ExitReason.of(status));
        }
    }

    @Override
    public synchronized void ready(Generation generation) {
        ledger.attemptOf(generation)
                .filter(attempt -> generation.isAlive())
                .ifPresent(attempt -> lead(attempt, generation));
    }

    @Override
    public synchronized void told(Generation generation) {
        if (generations.isServing(generation)) {
            ledger.told(generation.status());
        }
        events.told(generation);
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

    /** Launches a generation, and lets it begin once it is kept that it is there. */
    private void launch(Attempt attempt) throws DewyException {
        OptionalInt port = traffic.newPort();
        ServerLauncher.Launch launch = launcher.launch(attempt.number(), attempt.activation(), port);
        Generation generation = new Generation(
                new Generation.Identity(attempt.number(), launch.child(), port), launch.waiting(), timer, this);
        synchronized (this) {
            attempt.launched(generation);
        }
        generation.watch(settings.stopTimeout());
        try {
            checkpoints.keep(this::lasting);
        } catch (StorageException e) {
            failIfCurrent(attempt, new Outcome.NotKept(e));
            return;
        }
        if (port.isPresent() || settings.readiness().needsLimit()) { // It may never accept connections at its port.
            Registration limit = timer.after(settings.readyTimeout(), () -> late(attempt, generation));
            Completion.then(attempt.outcome(), outcome -> limit.close());
        }
        generation.proceed();
    }

    private void late(Attempt attempt, Generation generation) {
        synchronized (this) {
            if (attempt.isFoundReady()) {
                return;
            }
        }
        failIfCurrent(attempt, new Outcome.Late(generation.missing()));
    }

    private synchronized void failIfCurrent(Attempt attempt, Outcome outcome) {
        if (ledger.isCurrent(attempt)) {
            fail(attempt, outcome);
        }
    }

    /** It serves once traffic was led to it; where that fails, all is as if it had not become ready. */
    private void lead(Attempt attempt, Generation generation) {
        attempt.foundReady();
        Completion.then(traffic.lead(generation.identity(), version(attempt.activation())), failure -> {
            synchronized (this) {
                if (!ledger.isCurrent(attempt)) {
                    return;
                }
                failure.ifPresentOrElse(
                        why -> fail(attempt, new Outcome.NotRouted(why)), () -> serve(attempt, generation));
            }
        });
    }

    private void serve(Attempt attempt, Generation generation) {
        ledger.served(attempt, generation.status());
        restarts.up();
        if (attempt.cause() == Cause.CRASH) {
            events.recovered(generation);
        } else {
            restarts.forgive();
            events.started(generation);
        }
        generations.serve(generation);
        attempt.conclude(new Outcome.Ready());
    }

    private void fail(Attempt attempt, Outcome outcome) {
        ledger.failed(attempt);
        if (attempt.cause() == Cause.CRASH) {
            ExitReason.of(outcome, settings.readyTimeout()).ifPresent(why -> crashed(attempt.pid(), why));
        }
        CompletableFuture<Void> abandoned = attempt.generation()
                .map(failed -> traffic.abandon(failed.identity()))
                .orElse(CompletableFuture.completedFuture(null));
        Completion.then(abandoned, done -> conclude(attempt, outcome));
    }

    private synchronized void conclude(Attempt attempt, Outcome outcome) {
        attempt.conclude(outcome);
    }

    /** Has those that were replaced told to stop, each once it has answered all. */
    private synchronized void dismiss() {
        for (Generation replaced : generations.replaced()) {
            Completion.then(
                    traffic.leave(replaced.identity(), settings.drainTime()),
                    drained -> dismiss(replaced, settings.stopTimeout()));
        }
    }

    private synchronized void dismiss(Generation drained, Duration grace) {
        if (lifecycle != Lifecycle.FROZEN) {
            generations.dismiss(drained, grace);
            checkpoints.keepSoon(this::lasting);
        }
    }

    private void crashed(OptionalLong pid, String reason) {
        Optional<Duration> delay = restarts.crashed();
        events.exited(pid, reason, delay);
        ledger.crashed(delay.isPresent() ? State.BACKING_OFF : State.FAILED, reason);
        if (delay.isPresent()) {
            resume();
        } else {
            events.gaveUp(reason, restarts.restarts());
        }
        checkpoints.keepSoon(this::lasting);
    }

    /** Sees to it that a restart that is due is tried, by whoever has the turn then. */
    private synchronized void resume() {
        if (lifecycle == Lifecycle.OPEN
                && ledger.state() == State.BACKING_OFF
                && ledger.current().isEmpty()) {
            restarts.resume();
        }
    }

    private void restartCrashed() {
        if (!turn.tryTake()) {
            return;
        }
        try {
            Attempt attempt = start(activation().orElseThrow(), Cause.CRASH);
            Completion.then(attempt.outcome(), outcome -> restarted());
        } catch (DewyException | RuntimeException e) {
            cannotRestart(String.valueOf(e.getMessage()));
            giveTurn();
        }
    }

    /** A generation that was replaced, because it lacked the sockets, is dismissed as with an activation. */
    private synchronized void restarted() {
        if (generations.hasReplaced()) {
            checkpoints.inBackground(() -> {
                settle();
                giveTurn();
            });
        } else {
            checkpoints.keepSoon(this::lasting);
            giveTurn();
        }
    }

    private synchronized void cannotRestart(String reason) {
        if (lifecycle == Lifecycle.OPEN && ledger.state() == State.BACKING_OFF) {
            crashed(OptionalLong.empty(), reason);
        }
    }

    private CompletableFuture<Void> end(Duration drainTime, Duration grace) {
        restarts.suspend();
        Optional<Attempt> withdrawn = ledger.current();
        withdrawn.ifPresent(this::withdraw);
        ledger.enter(State.STOPPED, "");
        generations.serving().ifPresent(serving -> traffic.away(serving.identity()));
        generations.retire();
        CompletableFuture<Void> gone = generations.gone();
        for (Generation last : generations.draining()) {
            CompletableFuture<Void> drained = traffic.leave(last.identity(), drainTime);
            Completion.then(drained, done -> dismiss(last, grace));
            if (!drained.isDone()) {
                // Also where the proxy does not answer.
                Registration late = timer.after(drainTime.plus(PROXY_MARGIN), () -> dismiss(last, grace));
                Completion.then(last.gone(), done -> late.close());
            }
        }
        return withdrawn
                .map(attempt -> CompletableFuture.allOf(gone, attempt.outcome()))
                .orElse(gone);
    }

    private static String version(Activation activation) {
        return activation.deliverable().release().tag();
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
