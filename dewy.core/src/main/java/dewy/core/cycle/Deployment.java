package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.StorageException;
import dewy.api.release.Deliverable;
import dewy.core.deliverable.Installer;
import dewy.core.deliverable.Installers;
import dewy.core.event.EventKind;
import dewy.core.journal.AppJournal;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Attempt;
import dewy.core.journal.Installed;
import dewy.core.journal.Move;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Takes a release from where it was selected to where it serves. For one thread. */
final class Deployment {
    private final ReleaseWatch watch;
    private final Installers installers;
    private final Activator activator;
    private final Settler settler;
    private final DeployHooks hooks;
    private final AppMemory memory;
    private final AppJournal journal;
    private final FailedRelease failedRelease;
    private final Fallback fallback;
    private final Bake bake;
    private final CycleSettings settings;
    private final InstantSource clock;

    /** A release that serves. */
    record Active(Candidate candidate, Installed installed) {}

    Deployment(CycleParts parts) {
        this.watch = parts.watch();
        this.installers = parts.installers();
        this.activator = parts.activator();
        this.settler = parts.settler();
        this.hooks = parts.hooks();
        this.memory = parts.memory();
        this.journal = parts.journal();
        this.failedRelease = parts.failedRelease();
        this.fallback = parts.fallback();
        this.bake = parts.bake();
        this.settings = parts.settings();
        this.clock = parts.clock();
    }

    /** Notes that a release is about to be deployed. */
    Candidate candidate(Pass pass, Deliverable deliverable) throws DewyException {
        Attempt attempt = journal.begin(pass.deployId(), deliverable);
        pass.belongsTo(attempt.deployId());
        return new Candidate(deliverable, attempt, clock.instant());
    }

    /** Brings a release into force, or leaves it out when it is no good. */
    Step<Active> deploy(Pass pass, Candidate candidate) throws DewyException {
        try {
            Attempt attempt = candidate.attempt();
            pass.begin();
            pass.events()
                    .publish(
                            EventKind.DEPLOYMENT_STARTED,
                            candidate.tag(),
                            attempt.previous().orElse(""),
                            attempt.number());
            Installed installed = install(pass, candidate);
            pass.enter("activate");
            activate(pass, candidate, installed);
            return new Step.Go<>(new Active(candidate, installed));
        } catch (CancelledException | NotYetThereException e) {
            throw e;
        } catch (DewyException e) {
            watch.doubt();
            Optional<Verdict> blamed = settleFailure(pass, candidate, e);
            if (blamed.isPresent()) {
                return new Step.Stop<>(blamed.get());
            }
            failedRelease.failed(candidate.deliverable());
            throw e;
        }
    }

    /** Notes what failed, and leaves the release out if it is its own fault. A disk that takes no note hides neither. */
    private Optional<Verdict> settleFailure(Pass pass, Candidate candidate, DewyException failed) {
        try {
            note(pass, candidate, failed);
            return fallback.blame(pass, candidate, failed);
        } catch (StorageException e) {
            failed.addSuppressed(e);
            return Optional.empty();
        }
    }

    /** An activation that fails is noted as such. */
    private void note(Pass pass, Candidate candidate, DewyException failed) throws StorageException {
        if (!pass.step().equals("activate")) {
            Move move = pass.deed(candidate.started());
            journal.preparationFailed(
                    move, candidate.deliverable(), failed.problem().sentence());
        }
    }

    private void activate(Pass pass, Candidate candidate, Installed installed) throws DewyException {
        Optional<Installed> before = memory.deployed();
        activator.activate(pass, candidate.deliverable(), installed, pass.deed(candidate.started()));
        // What is only started again has stood the test.
        if (!before.equals(Optional.of(installed))) {
            bake.begin(installed, Duration.ZERO);
        }
    }

    private Installed install(Pass pass, Candidate candidate) throws DewyException {
        Deliverable deliverable = candidate.deliverable();
        Installer installer = installers.of(deliverable);
        Optional<Installed> ready = ready(pass, installer, deliverable);
        if (ready.isPresent()) {
            pass.enter("prepare");
            hooks.before(pass, candidate);
            pass.events().publish(EventKind.RELEASE_REUSED, ready.get().place());
            return ready.get();
        }
        pass.enter("fetch");
        try (Installer.Fetched fetched = installer.fetch(pass.call(), pass.events(), deliverable)) {
            pass.enter("prepare");
            hooks.before(pass, candidate);
            journal.preparing(pass.deployId(), deliverable);
            Installed installed = fetched.install(pass.call(), pass.events());
            journal.prepared(pass.deployId(), installed);
            return installed;
        }
    }

    private Optional<Installed> ready(Pass pass, Installer installer, Deliverable deliverable) throws DewyException {
        Optional<Installed> known = memory.installed(deliverable);
        return known.isPresent() && installer.holds(pass.call(), known.get()) ? known : Optional.empty();
    }

    /** Does what remains to be done once a release serves. */
    Verdict settle(Pass pass, Active active) throws DewyException {
        pass.enter("settle");
        Candidate candidate = active.candidate();
        failedRelease.clear();
        settler.settle(pass, candidate.deliverable());
        return complete(pass, candidate, active.installed());
    }

    /** Does what comes last. When the agent ends meanwhile the next one does it again: so the hook runs at least once. */
    Verdict complete(Pass pass, Candidate candidate, Installed installed) throws DewyException {
        pass.enter("settle");
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
}
