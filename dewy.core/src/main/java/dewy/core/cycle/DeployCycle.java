package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.RateLimitedException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.journal.AppMemory;
import dewy.core.journal.AppMemory.Installed;
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
        this.deployment = deployment;
        this.clock = parts.clock();
        this.vacancy = new Vacancy(memory, clock);
    }

    /** Runs a pass. Whatever fails is part of the verdict; nothing is logged here but what was done. */
    public Verdict run(Pass pass) {
        return guarded(pass, () -> {
            activator.listen(pass);
            Optional<Verdict> goneBack = fallback.inspect(pass);
            if (goneBack.isPresent()) {
                watch.doubt();
                return goneBack.get();
            }
            Optional<String> pinned = memory.pinned();
            return keepUp(pass, pinned.isPresent() ? stay(pinned.get()) : guarded(pass, () -> move(pass)));
        });
    }

    /** Looks only at whether what was activated a while ago is any good; returns what came of it if it is not. */
    public Optional<Verdict> inspect(Pass pass) {
        try {
            Optional<Verdict> goneBack = fallback.inspect(pass);
            goneBack.ifPresent(verdict -> watch.doubt());
            return goneBack;
        } catch (DewyException e) {
            return Optional.of(verdict(pass, e));
        }
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

    /**
     * Has what is deployed serve again where nothing serves after a cycle, whatever that cycle waits for or could not find. A
     * deployment that failed is told first.
     */
    private Verdict keepUp(Pass pass, Verdict verdict) throws DewyException {
        boolean failed = verdict instanceof Verdict.Failed;
        if (activator.isServing() || pass.call().isOver() || (failed && pass.hasBegun())) {
            return verdict;
        }
        fallback.finish(pass);
        Optional<Installed> deployed = deployed();
        if (deployed.isEmpty() || activator.isServing()) {
            return verdict;
        }
        pass.about(deployed.get().tag());
        Duration wait = pass.isAsked()
                ? Duration.ZERO
                : failedRelease.wait(deployed.get().tag());
        if (wait.isZero()) {
            serveAgain(pass, deployed.get());
            return verdict;
        }
        return failed ? verdict : leftAlone(pass, deployed.get().tag(), wait);
    }

    private void serveAgain(Pass pass, Installed deployed) throws DewyException {
        pass.enter("resume");
        try {
            activator.resume(pass, deployed, true);
            failedRelease.forget(deployed.deliverable());
        } catch (CancelledException e) {
            throw e;
        } catch (DewyException e) {
            failedRelease.failed(deployed.deliverable());
            throw e;
        }
    }

    private Step<Candidate> gate(Pass pass, Deliverable deliverable) throws DewyException {
        String tag = deliverable.release().tag();
        pass.enter("gate");
        pass.about(tag);
        Optional<Installed> deployed = deployed();
        if (deployed.isPresent() && deployed.get().is(deliverable) && activator.isServing()) {
            failedRelease.clear();
            return stop(
                    memory.isOpen(deliverable)
                            ? deployment.complete(pass, deployment.candidate(pass, deliverable), deployed.get())
                            : new Verdict.NothingToDo("gate", tag + " is deployed" + watch.leftOut(), pass.tag()));
        }
        if (failedRelease.isCancelled(deliverable) && !pass.isAsked()) {
            String why = tag + " was cancelled, and is left alone until deploy or retry asks for it";
            return stop(new Verdict.NothingToDo("gate", why, pass.tag()));
        }
        Duration wait = watch.hasChanged() ? Duration.ZERO : wait(pass, deliverable);
        return wait.isZero()
                ? new Step.Go<>(deployment.candidate(pass, deliverable))
                : stop(leftAlone(pass, tag, wait));
    }

    /** Returns how long a release that failed is left alone, unless somebody asked for it. */
    private Duration wait(Pass pass, Deliverable deliverable) {
        return pass.isAsked() ? Duration.ZERO : failedRelease.wait(deliverable);
    }

    private static Verdict leftAlone(Pass pass, String tag, Duration wait) {
        return new Verdict.TryLater("gate", tag + " failed and is left alone for a while", wait, pass.tag());
    }

    private Optional<Installed> deployed() {
        return memory.deployed().map(AppMemory.Deployed::release);
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
        if (e instanceof CancelledException && pass.cancelledBy().isPresent()) {
            return new Verdict.Cancelled(pass.step(), pass.cancelledBy().get(), pass.tag());
        }
        if (e instanceof CancelledException) {
            return new Verdict.TryLater(pass.step(), e.problem().why(), Duration.ZERO, pass.tag());
        }
        Duration leftAlone = pass.tag().map(failedRelease::wait).orElse(Duration.ZERO);
        return new Verdict.Failed(pass.step(), e, pass.tag(), leftAlone);
    }

    private static <T> Step<T> stop(Verdict verdict) {
        return new Step.Stop<>(verdict);
    }
}
