package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.fetch.Fetched;
import dewy.core.fetch.Fetcher;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory;
import dewy.core.journal.AppMemory.Installed;
import dewy.core.journal.Attempt;
import dewy.core.journal.Deed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Takes a release from where it was selected to where it serves. For one thread. */
final class Deployment {
    private final ReleaseWatch watch;
    private final Fetcher fetcher;
    private final ReleaseDirectory releases;
    private final Activator activator;
    private final Settler settler;
    private final DeployHooks hooks;
    private final AppMemory memory;
    private final FailedRelease failedRelease;
    private final Fallback fallback;
    private final Bake bake;
    private final CycleSettings settings;
    private final InstantSource clock;

    /** A release that serves. */
    record Active(Candidate candidate, Installed installed) {}

    Deployment(CycleParts parts) {
        this.watch = parts.watch();
        this.fetcher = parts.fetcher();
        this.releases = parts.releases();
        this.activator = parts.activator();
        this.settler = parts.settler();
        this.hooks = parts.hooks();
        this.memory = parts.memory();
        this.failedRelease = parts.failedRelease();
        this.fallback = parts.fallback();
        this.bake = parts.bake();
        this.settings = parts.settings();
        this.clock = parts.clock();
    }

    /** Notes that a release is about to be deployed. */
    Candidate candidate(Pass pass, Deliverable deliverable) throws DewyException {
        Attempt attempt = memory.begin(pass.deployId(), deliverable);
        pass.belongsTo(attempt.deployId());
        return new Candidate(deliverable, attempt, clock.instant());
    }

    /** Brings a release into force, or leaves it out when it is no good. */
    Step<Active> deploy(Pass pass, Candidate candidate) throws DewyException {
        try {
            Attempt attempt = candidate.attempt();
            failedRelease.wanted(candidate.deliverable());
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
        } catch (CancelledException e) {
            if (pass.cancelledBy().isPresent()) {
                failedRelease.cancelled(candidate.deliverable());
            }
            throw e;
        } catch (NotYetThereException e) {
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
            Deed deed = pass.deed(candidate.started());
            memory.preparationFailed(
                    deed, candidate.deliverable(), failed.problem().sentence());
        }
    }

    private void activate(Pass pass, Candidate candidate, Installed installed) throws DewyException {
        Optional<Installed> before = memory.deployed().map(AppMemory.Deployed::release);
        activator.activate(pass, candidate.deliverable(), installed, pass.deed(candidate.started()));
        // What is only started again has stood the test.
        if (before.isEmpty() || !before.get().folder().equals(installed.folder())) {
            bake.begin(installed, Duration.ZERO);
        }
    }

    private Installed install(Pass pass, Candidate candidate) throws DewyException {
        Deliverable deliverable = candidate.deliverable();
        Optional<Installed> ready = memory.installed(deliverable);
        if (ready.isPresent()) {
            pass.enter("prepare");
            hooks.before(pass, candidate);
            pass.events().publish(EventKind.RELEASE_REUSED, ready.get().folder());
            return ready.get();
        }
        pass.enter("fetch");
        try (Fetched artifact = fetcher.fetch(pass.call(), deliverable, pass.events())) {
            pass.enter("prepare");
            hooks.before(pass, candidate);
            return unpack(pass, deliverable, artifact);
        }
    }

    private Installed unpack(Pass pass, Deliverable deliverable, Fetched artifact) throws DewyException {
        memory.preparing(pass.deployId(), deliverable);
        try {
            String name = deliverable.artifact().name();
            Installed installed = new Installed(
                    deliverable.release().tag(),
                    name,
                    deliverable.artifact().digest(),
                    artifact.digest(),
                    releases.install(pass.call(), artifact.file(), name, settings.extraction()));
            pass.events().publish(EventKind.ARCHIVE_EXTRACTED, installed.folder());
            memory.prepared(pass.deployId(), installed);
            return installed;
        } catch (CorruptException e) {
            fetcher.forget(pass.call(), deliverable);
            if (artifact.held()) {
                throw new StorageException(
                        Problem.of(
                                "use the cached artifact",
                                deliverable.cacheKey(),
                                e.problem().why(),
                                "It is downloaded again."),
                        e);
            }
            throw e;
        }
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
        hooks.after(pass, candidate, installed.folder());
        memory.completed(pass.deployId());
        pass.events()
                .publish(
                        EventKind.DEPLOYMENT_COMPLETED,
                        candidate.tag(),
                        candidate.attempt().previous().orElse(""),
                        Duration.between(candidate.started(), clock.instant()));
        return new Verdict.Deployed(candidate.tag());
    }
}
