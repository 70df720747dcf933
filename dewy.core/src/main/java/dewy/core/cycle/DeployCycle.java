package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.RateLimitedException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.fetch.Fetched;
import dewy.core.fetch.Fetcher;
import dewy.core.install.ReleaseDirectory;
import dewy.core.journal.AppMemory;
import dewy.core.journal.AppMemory.Installed;
import dewy.core.journal.Attempt;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One pass over the path of a release: poll and select, gate, fetch, prepare, activate, settle. It keeps no threads and no
 * timers; whoever runs it does so from one thread at a time.
 */
public final class DeployCycle {
    private final ReleaseWatch watch;
    private final Fetcher fetcher;
    private final ReleaseDirectory releases;
    private final Activator activator;
    private final Settler settler;
    private final DeployHooks hooks;
    private final AppMemory memory;
    private final FailedRelease failedRelease;
    private final CycleSettings settings;
    private final InstantSource clock;
    private Duration rateLimit = Duration.ZERO;

    DeployCycle(CycleParts parts) {
        this.watch = parts.watch();
        this.fetcher = parts.fetcher();
        this.releases = parts.releases();
        this.activator = parts.activator();
        this.settler = parts.settler();
        this.hooks = parts.hooks();
        this.memory = parts.memory();
        this.failedRelease = parts.failedRelease();
        this.settings = parts.settings();
        this.clock = parts.clock();
    }

    /** Runs a pass. Whatever fails is part of the verdict; nothing is logged here but what was done. */
    public Verdict run(Pass pass) {
        rateLimit = Duration.ZERO;
        try {
            return watch.look(pass)
                    .then(deliverable -> gate(pass, deliverable))
                    .then(candidate -> deploy(pass, candidate))
                    .end(active -> settle(pass, active));
        } catch (DewyException e) {
            return verdict(pass, e);
        }
    }

    /** Has what was deployed serve again, without asking the registry, as after a restart of the agent. */
    public Optional<Verdict> resume(Pass pass) {
        pass.enter("resume");
        try {
            Optional<Installed> deployed = memory.deployed().map(AppMemory.Deployed::release);
            if (deployed.isPresent()) {
                activator.resume(pass, deployed.get());
            }
            return Optional.empty();
        } catch (DewyException e) {
            return Optional.of(verdict(pass, e));
        }
    }

    /** Returns how long the registry asked to be left alone. */
    public Duration notBefore() {
        return rateLimit.compareTo(watch.notBefore()) > 0 ? rateLimit : watch.notBefore();
    }

    private record Active(Candidate candidate, Installed installed) {}

    private Step<Candidate> gate(Pass pass, Deliverable deliverable) throws DewyException {
        String tag = deliverable.release().tag();
        pass.enter("gate");
        pass.about(tag);
        Optional<Installed> deployed = memory.deployed().map(AppMemory.Deployed::release);
        if (deployed.isPresent() && deployed.get().is(deliverable) && activator.isServing()) {
            failedRelease.clear();
            return stop(
                    memory.isOpen(deliverable)
                            ? complete(pass, candidate(pass, deliverable), deployed.get())
                            : new Verdict.NothingToDo("gate", tag + " is deployed", pass.tag()));
        }
        Duration wait = pass.isAsked() || watch.hasChanged() ? Duration.ZERO : failedRelease.wait(deliverable);
        if (!wait.isZero()) {
            return stop(new Verdict.TryLater("gate", tag + " failed and is left alone for a while", wait, pass.tag()));
        }
        return new Step.Go<>(candidate(pass, deliverable));
    }

    private Candidate candidate(Pass pass, Deliverable deliverable) throws DewyException {
        Attempt attempt = memory.begin(pass.deployId(), deliverable);
        pass.belongsTo(attempt.deployId());
        return new Candidate(deliverable, attempt, clock.instant());
    }

    private Step<Active> deploy(Pass pass, Candidate candidate) throws DewyException {
        try {
            Attempt attempt = candidate.attempt();
            pass.events()
                    .publish(
                            EventKind.DEPLOYMENT_STARTED,
                            candidate.tag(),
                            attempt.previous().orElse(""),
                            attempt.number());
            Installed installed = install(pass, candidate);
            pass.enter("activate");
            activator.activate(pass, candidate.deliverable(), installed);
            return new Step.Go<>(new Active(candidate, installed));
        } catch (CancelledException | NotYetThereException e) {
            throw e;
        } catch (DewyException e) {
            failedRelease.failed(candidate.deliverable());
            watch.doubt();
            throw e;
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
            throw e;
        }
    }

    private Verdict settle(Pass pass, Active active) throws DewyException {
        pass.enter("settle");
        Candidate candidate = active.candidate();
        failedRelease.clear();
        settler.settle(pass, candidate.deliverable(), active.installed());
        return complete(pass, candidate, active.installed());
    }

    /** Does what comes last. When the agent ends meanwhile the next one does it again: so the hook runs at least once. */
    private Verdict complete(Pass pass, Candidate candidate, Installed installed) throws DewyException {
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

    private Verdict verdict(Pass pass, DewyException e) {
        if (e instanceof NotYetThereException notYet) {
            return new Verdict.TryLater(pass.step(), e.problem().sentence(), notYet.retryAfter(), pass.tag());
        }
        if (e instanceof RateLimitedException limited) {
            Duration wait = Duration.between(clock.instant(), limited.until());
            rateLimit = wait.isNegative() ? Duration.ZERO : wait;
            pass.events().publish(EventKind.CYCLE_LIMITED, e.problem().sentence(), rateLimit);
            return new Verdict.TryLater(pass.step(), e.problem().sentence(), rateLimit, pass.tag());
        }
        if (e instanceof CancelledException) {
            return new Verdict.TryLater(pass.step(), e.problem().why(), Duration.ZERO, pass.tag());
        }
        return new Verdict.Failed(pass.step(), e, pass.tag());
    }

    private static <T> Step<T> stop(Verdict verdict) {
        return new Step.Stop<>(verdict);
    }
}
