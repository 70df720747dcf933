package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.RateLimitedException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One pass over the path of a release: look at what serves, poll and select, gate, fetch, prepare, activate, settle. It keeps
 * no threads and no timers; whoever runs it does so from one thread at a time.
 */
public final class DeployCycle {
    private final ReleaseWatch watch;
    private final Activator activator;
    private final AppMemory memory;
    private final FailedRelease failedRelease;
    private final Fallback fallback;
    private final Upkeep upkeep;
    private final Deployment deployment;
    private final InstantSource clock;
    private final Vacancy vacancy;
    private Duration rateLimit = Duration.ZERO;

    DeployCycle(CycleParts parts, Deployment deployment) {
        this.watch = parts.watch();
        this.activator = parts.activator();
        this.memory = parts.memory();
        this.failedRelease = parts.failedRelease();
        this.fallback = parts.fallback();
        this.upkeep = parts.upkeep();
        this.deployment = deployment;
        this.clock = parts.clock();
        this.vacancy = new Vacancy(memory, clock);
    }

    /** Runs a pass. Whatever fails is part of the verdict; nothing is logged here but what was done. */
    public Verdict run(Pass pass) {
        return lookingAfter(pass, () -> {
            Optional<String> pinned = memory.pinned();
            return pinned.isPresent() ? stay(pinned.get()) : guarded(pass, () -> move(pass));
        });
    }

    /** Only looks after what is deployed, as while the app is paused; the registry is not asked. */
    public Verdict keep(Pass pass) {
        return lookingAfter(pass, () -> new Verdict.Paused("it is paused"));
    }

    private Verdict lookingAfter(Pass pass, Work work) {
        return guarded(pass, () -> {
            activator.listen(pass);
            Optional<Verdict> goneBack = goBack(pass);
            return goneBack.isPresent() ? goneBack.get() : upkeep.keep(pass, work.run());
        });
    }

    /** Looks only at how what was activated is doing; returns what came of it when it is no good, or was given up. */
    public Optional<Verdict> inspect(Pass pass) {
        try {
            Optional<Verdict> goneBack = goBack(pass);
            return goneBack.isPresent() ? goneBack : upkeep.look(pass);
        } catch (DewyException e) {
            return Optional.of(verdict(pass, e));
        }
    }

    private Optional<Verdict> goBack(Pass pass) throws DewyException {
        Optional<Verdict> goneBack = fallback.inspect(pass);
        goneBack.ifPresent(verdict -> watch.doubt());
        return goneBack;
    }

    /**
     * Has what was deployed serve again, without asking the registry, as after a restart of the agent.
     *
     * @param renew whether what runs of it already is to be replaced
     */
    public Optional<Verdict> resume(Pass pass, boolean renew) {
        try {
            activator.listen(pass);
            pass.enter("resume");
            fallback.finish(pass);
            Optional<Installed> deployed = deployed();
            if (deployed.isPresent()) {
                activator.resume(pass, deployed.get(), renew);
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

    /** Work that comes to a verdict. */
    interface Work {
        Verdict run() throws DewyException;
    }

    Verdict guarded(Pass pass, Work work) {
        rateLimit = Duration.ZERO;
        try {
            return work.run();
        } catch (DewyException e) {
            return verdict(pass, e);
        }
    }

    private Verdict move(Pass pass) throws DewyException {
        Step<Deliverable> found = watch.look(pass);
        vacancy.tell(pass, found, watch.sight());
        return found.then(deliverable -> gate(pass, deliverable))
                .then(candidate -> deployment.deploy(pass, candidate))
                .end(active -> deployment.settle(pass, active));
    }

    /** What it is pinned to stays; the registry is not asked. */
    private static Verdict stay(String tag) {
        return new Verdict.NothingToDo("gate", "it is pinned to " + tag + ", until it is unpinned", Optional.of(tag));
    }

    private Step<Candidate> gate(Pass pass, Deliverable deliverable) throws DewyException {
        String tag = deliverable.release().tag();
        pass.enter("gate");
        pass.about(tag);
        Optional<Installed> deployed = deployed().filter(now -> now.is(deliverable));
        boolean isOpen = memory.isOpen(deliverable);
        if (deployed.isPresent() && activator.isServing()) {
            failedRelease.clear();
            return stop(
                    isOpen
                            ? deployment.complete(pass, deployment.candidate(pass, deliverable), deployed.get())
                            : isDeployed(pass, tag));
        }
        if (deployed.isPresent() && !isOpen && activator.isThere(pass, deployed.get())) {
            return stop(isDeployed(pass, tag)); // It is only to be started again, which is no deployment.
        }
        Duration wait = watch.hasChanged() ? Duration.ZERO : wait(pass, deliverable);
        return wait.isZero()
                ? new Step.Go<>(deployment.candidate(pass, deliverable))
                : stop(leftAlone(pass, tag, wait));
    }

    private Verdict isDeployed(Pass pass, String tag) {
        return new Verdict.NothingToDo("gate", tag + " is deployed" + watch.leftOut(), pass.tag());
    }

    /** Returns how long a release that failed is left alone, unless somebody asked for it. */
    private Duration wait(Pass pass, Deliverable deliverable) {
        return pass.isAsked() ? Duration.ZERO : failedRelease.wait(deliverable);
    }

    private static Verdict leftAlone(Pass pass, String tag, Duration wait) {
        return new Verdict.TryLater("gate", tag + " failed and is left alone for a while", wait, pass.tag());
    }

    private Optional<Installed> deployed() {
        return memory.deployed();
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
        if (e instanceof MistakenException) {
            return new Verdict.Refused(pass.step(), e);
        }
        Duration leftAlone = pass.tag().map(failedRelease::wait).orElse(Duration.ZERO);
        return new Verdict.Failed(pass.step(), e, pass.tag(), leftAlone);
    }

    private static <T> Step<T> stop(Verdict verdict) {
        return new Step.Stop<>(verdict);
    }
}
