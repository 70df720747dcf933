package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.StorageException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.journal.AppJournal;
import dewy.core.journal.Attempt;
import dewy.core.journal.Ending;
import dewy.core.journal.Installed;
import java.time.InstantSource;
import java.util.Optional;

/** Takes a release from behind the gates to where it serves: fetch, prepare, activate, settle. For one thread. */
final class Deployment {
    private final AppJournal journal;
    private final Installation installation;
    private final Activator activator;
    private final Fallback fallback;
    private final FollowUp followUp;
    private final ReleaseBackoff backoff;
    private final InstantSource clock;

    Deployment(
            AppJournal journal,
            Installation installation,
            Activator activator,
            Fallback fallback,
            FollowUp followUp,
            ReleaseBackoff backoff,
            InstantSource clock) {
        this.journal = journal;
        this.installation = installation;
        this.activator = activator;
        this.fallback = fallback;
        this.followUp = followUp;
        this.backoff = backoff;
        this.clock = clock;
    }

    /** Deploys a release; what fails by its own fault is left out from then on. */
    Verdict run(Pass pass, Deliverable deliverable) throws DewyException {
        Candidate candidate = begin(pass, deliverable);
        Installed installed;
        try {
            tellBegin(pass, candidate);
            installed = installation.of(pass, candidate);
            pass.enter(CycleStep.ACTIVATE);
            activator.activate(pass, deliverable, installed, pass.move(candidate.started()));
        } catch (CancelledException e) {
            if (pass.cancelledBy().isPresent()) {
                cancelled(pass, candidate, pass.cancelledBy().get(), e);
            }
            throw e;
        } catch (NotYetThereException e) {
            throw e;
        } catch (DewyException e) {
            Optional<Verdict> quarantined = fallback.failed(pass, candidate, e);
            if (quarantined.isPresent()) {
                return quarantined.get();
            }
            throw e;
        }
        pass.enter(CycleStep.SETTLE);
        forgetFailures();
        followUp.serves(pass, deliverable);
        return followUp.complete(pass, candidate, installed);
    }

    /** A disk that takes no note of it has the release tried again. */
    private void cancelled(Pass pass, Candidate candidate, String by, CancelledException e) {
        Deliverable deliverable = candidate.deliverable();
        try {
            // An activation that is cancelled is noted as such.
            if (pass.step() != CycleStep.ACTIVATE) {
                journal.preparationFailed(pass.move(candidate.started()), deliverable, Ending.cancelled(by));
            }
            journal.cancelled(pass.deployId(), deliverable, by);
            pass.leaveAlone();
        } catch (StorageException full) {
            e.addSuppressed(full);
        }
    }

    /**
     * Moves back to a release that was deployed before, because a person wants it: one that was good is not on probation.
     *
     * @param wasGood whether it never failed by its own fault
     */
    void goBack(Pass pass, Installed installed, boolean wasGood) throws DewyException {
        try {
            activator.activate(pass, installed.deliverable(), installed, pass.move(clock.instant()));
            if (wasGood) {
                activator.endProbation();
            }
        } catch (CancelledException e) {
            throw e;
        } catch (DewyException e) {
            followUp.failed(pass, installed.deliverable(), e);
            throw e;
        }
    }

    /** Returns to what the app goes back if what was deployed just now turns out to be no good; empty if it does not. */
    Optional<Installed> fallback() {
        return activator.isOnProbation() ? journal.memory().former().stream().findFirst() : Optional.empty();
    }

    /** Does what remains once the app has gone back to a release. */
    void serves(Pass pass, Installed installed) {
        followUp.serves(pass, installed.deliverable());
    }

    /** Returns whether what is offered is deployed and serves. */
    boolean isServing(Pass pass, Deliverable offered) {
        return isServing(pass, journal.memory().deployed().filter(now -> now.is(offered)));
    }

    /** Returns whether what is installed is deployed and serves. */
    boolean isServing(Pass pass, Installed installed) {
        return isServing(pass, journal.memory().deployed().filter(installed::equals));
    }

    private boolean isServing(Pass pass, Optional<Installed> deployed) {
        return deployed.isPresent() && activator.isServing(pass);
    }

    /** Has releases that failed left alone no longer. */
    void forgetFailures() {
        backoff.forgetFailures();
    }

    /** Completes the deployment of what serves already, because the agent ended before it could. */
    Verdict complete(Pass pass, Installed installed, Deliverable deliverable) throws DewyException {
        Candidate candidate = begin(pass, deliverable);
        pass.enter(CycleStep.SETTLE);
        return followUp.complete(pass, candidate, installed);
    }

    private Candidate begin(Pass pass, Deliverable deliverable) throws DewyException {
        Attempt attempt = journal.begin(pass.deployId(), deliverable);
        pass.belongsTo(attempt.deployId());
        return new Candidate(deliverable, attempt, clock.instant());
    }

    private static void tellBegin(Pass pass, Candidate candidate) {
        Attempt attempt = candidate.attempt();
        pass.begin();
        pass.events()
                .publish(
                        EventKind.DEPLOYMENT_STARTED,
                        candidate.tag(),
                        attempt.previous().orElse(""),
                        attempt.number());
    }
}
