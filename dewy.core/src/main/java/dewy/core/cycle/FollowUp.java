package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.fetch.Fetcher;
import dewy.core.journal.AppJournal;
import dewy.core.journal.Installed;
import java.time.Duration;
import java.time.InstantSource;

/** What remains to be done once a release serves. None of it can undo the deployment: what fails is told, and that is all. */
final class FollowUp {
    private final Fetcher fetcher;
    private final Housekeeping housekeeping;
    private final Reports reports;
    private final DeployHooks hooks;
    private final AppJournal journal;
    private final InstantSource clock;

    FollowUp(
            Fetcher fetcher,
            Housekeeping housekeeping,
            Reports reports,
            DeployHooks hooks,
            AppJournal journal,
            InstantSource clock) {
        this.fetcher = fetcher;
        this.housekeeping = housekeeping;
        this.reports = reports;
        this.hooks = hooks;
        this.journal = journal;
        this.clock = clock;
    }

    /** Notes for people what serves, deletes what is too old, and tells the registry. */
    void serves(Pass pass, Deliverable deliverable) {
        attempt(pass, () -> fetcher.markCurrent(pass.call(), deliverable));
        prune(pass);
        reports.deployed(pass, deliverable);
    }

    /** Deletes the releases that are too many. */
    void prune(Pass pass) {
        attempt(pass, () -> housekeeping.prune(pass));
    }

    /** Tells the registry that an attempt failed, or that what was deployed is no good. */
    void failed(Pass pass, Deliverable deliverable, DewyException failure) {
        reports.failed(pass, deliverable, failure);
    }

    /** Does what comes last. When the agent ends meanwhile the next one does it again: so the hook runs at least once. */
    Verdict complete(Pass pass, Candidate candidate, Installed installed) throws DewyException {
        hooks.after(pass, candidate, installed);
        journal.completed(pass.deployId());
        pass.events()
                .publish(
                        EventKind.DEPLOYMENT_COMPLETED,
                        candidate.tag(),
                        candidate.attempt().previous().orElse(""),
                        Duration.between(candidate.started(), clock.instant()));
        return new Verdict.Deployed(candidate.tag());
    }

    private interface Work {
        void run() throws DewyException;
    }

    private static void attempt(Pass pass, Work work) {
        try {
            work.run();
        } catch (DewyException e) {
            pass.events().publish(EventKind.HOUSEKEEPING_FAILED, e.problem().sentence());
        }
    }
}
