package dewy.core.cycle;

import dewy.api.ApplicationException;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.journal.AppJournal;
import dewy.core.journal.AppMemory;
import dewy.core.journal.BadRelease;
import dewy.core.journal.Ending;
import dewy.core.journal.Installed;
import dewy.core.journal.Move;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What is done about a release that fails by its own fault: it is left out from then on, and the last one that was good is
 * deployed. Without such a one there is nothing to fall back on, and the release is tried again.
 */
final class Fallback {
    private final AppJournal journal;
    private final AppMemory memory;
    private final Activator activator;
    private final FollowUp followUp;
    private final Probation probation;
    private final ReleaseBackoff backoff;
    private final ReleaseWatch watch;
    private final InstantSource clock;

    Fallback(
            AppJournal journal,
            Activator activator,
            FollowUp followUp,
            Probation probation,
            ReleaseBackoff backoff,
            ReleaseWatch watch,
            InstantSource clock) {
        this.journal = journal;
        this.memory = journal.memory();
        this.activator = activator;
        this.followUp = followUp;
        this.probation = probation;
        this.backoff = backoff;
        this.watch = watch;
        this.clock = clock;
    }

    /** Goes back when what was activated a while ago turns out to be no good; returns what came of it, if so. */
    Optional<Verdict> inspect(Pass pass) throws DewyException {
        Optional<Installed> watched = probation.release();
        Optional<String> why = activator.status(pass).flatMap(probation::failure);
        if (watched.isEmpty() || why.isEmpty()) {
            return Optional.empty();
        }
        Optional<Installed> good = memory.former().stream().findFirst();
        if (good.isEmpty()) {
            return Optional.empty();
        }
        Installed bad = watched.get();
        probation.end();
        pass.enter(CycleStep.PROBATION);
        pass.about(bad.tag());
        ApplicationException fault =
                new ApplicationException(Problem.of("keep", bad.tag() + " running", why.get(), ""));
        quarantine(pass, bad.deliverable(), fault, good.get());
        watch.lookAfresh();
        try {
            moveBack(pass, good.get(), bad.tag() + " failed: " + why.get());
        } finally {
            followUp.failed(pass, bad.deliverable(), fault);
        }
        followUp.serves(pass, good.get().deliverable());
        return Optional.of(new Verdict.Quarantined(
                pass.step(), fault, bad.tag(), good.get().tag()));
    }

    /**
     * Notes that an attempt at a release failed, and leaves the release out if it is its own fault, or else alone for a while;
     * returns what came of it if it is left out.
     */
    Optional<Verdict> failed(Pass pass, Candidate candidate, DewyException failure) {
        watch.lookAfresh();
        Optional<Verdict> quarantined = noteAndBlame(pass, candidate, failure);
        if (quarantined.isEmpty()) {
            backoff.failed(candidate.deliverable(), failure);
        }
        followUp.failed(pass, candidate.deliverable(), failure);
        return quarantined;
    }

    /** A disk that takes no note hides neither what failed nor that. */
    private Optional<Verdict> noteAndBlame(Pass pass, Candidate candidate, DewyException failure) {
        try {
            // An activation that fails is noted as such.
            if (pass.step() != CycleStep.ACTIVATE) {
                journal.preparationFailed(
                        pass.move(candidate.started()),
                        candidate.deliverable(),
                        Ending.failed(failure.problem().sentence()));
            }
            return blame(pass, candidate, failure);
        } catch (StorageException e) {
            failure.addSuppressed(e);
            return Optional.empty();
        }
    }

    private Optional<Verdict> blame(Pass pass, Candidate candidate, DewyException e) throws StorageException {
        Optional<Installed> good = good();
        boolean isOwn = e instanceof CorruptException
                || (e instanceof ApplicationException && !(e instanceof HookFailedException));
        if (!isOwn || good.isEmpty() || good.get().is(candidate.deliverable())) {
            return Optional.empty();
        }
        quarantine(pass, candidate.deliverable(), e, good.get());
        followUp.prune(pass);
        return Optional.of(new Verdict.Quarantined(
                pass.step(), e, candidate.tag(), good.get().tag()));
    }

    /** Goes on with going back when the agent ended in the middle of it. */
    void finish(Pass pass) throws DewyException {
        Optional<BadRelease> bad = memory.deployed().flatMap(memory::fault);
        Optional<Installed> good = memory.former().stream().findFirst();
        if (bad.isPresent() && good.isPresent()) {
            moveBack(pass, good.get(), bad.get().tag() + " failed: " + bad.get().why());
            followUp.serves(pass, good.get().deliverable());
        }
    }

    private Optional<Installed> good() {
        return memory.deployed()
                .filter(release -> !release.place().isGone() && !memory.isBad(release))
                .or(() -> memory.former().stream().findFirst());
    }

    private void quarantine(Pass pass, Deliverable bad, DewyException fault, Installed good) throws StorageException {
        String tag = bad.release().tag();
        String why = fault.problem().why();
        boolean isOfArtifact = fault instanceof CorruptException;
        journal.quarantine(pass.deployId(), bad, isOfArtifact ? bad.artifact().name() + ": " + why : why);
        Optional<String> pinnedBefore = memory.pinnedBefore(tag);
        if (memory.pinned().equals(Optional.of(tag)) || pinnedBefore.isPresent()) {
            journal.pin(pinnedBefore.map(any -> good.tag()));
        }
        pass.events()
                .publish(
                        EventKind.RELEASE_QUARANTINED,
                        tag,
                        good.tag(),
                        pass.step(),
                        fault.problem().sentence(),
                        pass.evidence(fault).orElse(""));
    }

    private void moveBack(Pass pass, Installed good, String reason) throws DewyException {
        String id = pass.deployId();
        Move move = new Move(id, Move.ROLLBACK, pass.events().actor(), clock.instant(), Optional.of(reason));
        activator.goBack(pass, good, move);
    }
}
