package dewy.runtime.process;

import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.runtime.process.Attempt.Cause;
import dewy.runtime.process.Attempt.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * The way of a generation from its launch until it serves: it is launched held, kept, and only then begins; once it is ready,
 * traffic is led to it. One that does not get so far is ended, and all is as before. Its steps take the lock of
 * the supervisor; launching, which blocks, is done without it.
 */
final class Startup {
    private final ProcessSettings settings;
    private final ServerLauncher launcher;
    private final Traffic traffic;
    private final ServerEvents events;
    private final Checkpoints checkpoints;
    private final Ledger ledger;
    private final Supervisor supervisor;

    Startup(
            ProcessSettings settings,
            ServerLauncher launcher,
            Traffic traffic,
            ServerEvents events,
            Checkpoints checkpoints,
            Ledger ledger,
            Supervisor supervisor) {
        this.settings = settings;
        this.launcher = launcher;
        this.traffic = traffic;
        this.events = events;
        this.checkpoints = checkpoints;
        this.ledger = ledger;
        this.supervisor = supervisor;
    }

    /** Launches the generation of an attempt, and lets it begin once it is kept that it is there. */
    void launch(Attempt attempt) throws DewyException {
        boolean launched = false;
        try {
            Generation generation = launched(attempt);
            if (isKept(attempt)) {
                generation.proceed(limit(generation));
            }
            launched = true;
        } finally {
            if (!launched) {
                fail(attempt, new Outcome.Withdrawn());
                attempt.notLaunched();
            }
        }
    }

    private Generation launched(Attempt attempt) throws DewyException {
        OptionalInt port = traffic.newPort();
        Generation generation = launcher.launch(attempt.number(), attempt.activation(), port, supervisor);
        synchronized (supervisor) {
            attempt.launched(generation);
        }
        generation.watch(settings.stopTimeout());
        return generation;
    }

    private boolean isKept(Attempt attempt) {
        try {
            checkpoints.keep(supervisor::lasting);
            return true;
        } catch (StorageException e) {
            fail(attempt, new Outcome.NotKept(e));
            return false;
        }
    }

    /** One that listens at a port of its own may never accept connections there. */
    private Optional<Duration> limit(Generation launched) {
        boolean needsLimit =
                launched.identity().port().isPresent() || settings.readiness().needsLimit();
        return needsLimit ? Optional.of(settings.readyTimeout()) : Optional.empty();
    }

    /** It serves once traffic was led to it; where that fails, all is as if it had not become ready. */
    void lead(Attempt attempt, Generation ready) {
        attempt.foundReady();
        Completion.then(
                traffic.lead(ready.identity(), attempt.version()),
                failure -> failure.ifPresentOrElse(
                        why -> fail(attempt, new Outcome.NotRouted(why)), () -> serve(attempt, ready)));
    }

    private void serve(Attempt attempt, Generation ready) {
        synchronized (supervisor) {
            if (ledger.isCurrent(attempt)) {
                ledger.served(attempt, ready);
                if (attempt.cause() == Cause.CRASH) {
                    events.recovered(ready);
                } else {
                    events.started(ready);
                }
                attempt.conclude(new Outcome.Ready());
            }
        }
    }

    /** Ends an attempt that came to nothing; does nothing when it has ended. */
    void fail(Attempt attempt, Outcome outcome) {
        synchronized (supervisor) {
            if (ledger.isCurrent(attempt)) {
                ledger.failed(attempt);
                if (attempt.cause() == Cause.CRASH) {
                    ExitReason.of(outcome, settings.readyTimeout())
                            .ifPresent(why -> supervisor.crashed(attempt.pid(), why));
                }
                Completion.then(abandon(attempt), done -> conclude(attempt, outcome));
            }
        }
    }

    private CompletableFuture<Void> abandon(Attempt attempt) {
        return attempt.generation()
                .map(failed -> traffic.abandon(failed.identity()))
                .orElse(CompletableFuture.completedFuture(null));
    }

    private void conclude(Attempt attempt, Outcome outcome) {
        synchronized (supervisor) {
            attempt.conclude(outcome);
        }
    }
}
