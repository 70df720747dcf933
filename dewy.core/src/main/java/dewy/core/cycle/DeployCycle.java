package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import dewy.core.select.Selection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One pass over the path of a release: poll and select, the gates, then fetch, prepare, activate and settle; with a look after
 * what serves before and behind. It keeps no threads and no timers; whoever runs it does so from one thread at a time.
 */
public final class DeployCycle {
    private final ReleaseWatch watch;
    private final Gates gates;
    private final Deployment deployment;
    private final Activator activator;
    private final Upkeep upkeep;
    private final ReleaseBackoff backoff;
    private final Verdicts verdicts;
    private final AppMemory memory;
    private final Vacancy vacancy;
    private final InstantSource clock;

    DeployCycle(
            ReleaseWatch watch,
            Gates gates,
            Deployment deployment,
            Activator activator,
            Upkeep upkeep,
            ReleaseBackoff backoff,
            Verdicts verdicts,
            AppMemory memory,
            InstantSource clock) {
        this.watch = watch;
        this.gates = gates;
        this.deployment = deployment;
        this.activator = activator;
        this.upkeep = upkeep;
        this.backoff = backoff;
        this.verdicts = verdicts;
        this.memory = memory;
        this.vacancy = new Vacancy(memory, clock);
        this.clock = clock;
    }

    /** Runs a pass. Whatever fails is part of the verdict; nothing is logged here but what was done. */
    public Verdict run(Pass pass) {
        return lookingAfter(pass, () -> {
            Optional<Gate.Closed> closed = gates.toAll();
            return closed.isPresent() ? stay(closed.get()) : verdicts.of(pass, () -> deployNewest(pass));
        });
    }

    /** The path of a release: poll, select, gate, and the rest of it. */
    private Verdict deployNewest(Pass pass) throws DewyException {
        Selection selection = watch.look(pass);
        if (!(selection instanceof Selection.Selected newest)) {
            return nothing(pass, selection);
        }
        Optional<Verdict> stopped = gate(pass, newest.deliverable());
        return stopped.isPresent() ? stopped.get() : deployment.run(pass, newest.deliverable());
    }

    private Verdict nothing(Pass pass, Selection selection) throws DewyException {
        Verdict nothing = watch.nothing(pass, selection);
        vacancy.tell(pass, nothing, watch.finding());
        return nothing;
    }

    private Optional<Verdict> gate(Pass pass, Deliverable selected) throws DewyException {
        pass.enter(CycleStep.GATE);
        pass.about(selected.release().tag());
        Optional<Installed> deployed = memory.deployed().filter(now -> now.is(selected));
        boolean isOpen = memory.isOpen(selected);
        if (deployed.isPresent() && activator.isServing()) {
            backoff.clear();
            return Optional.of(isOpen ? deployment.complete(pass, deployed.get(), selected) : isDeployed(pass));
        }
        if (deployed.isPresent() && !isOpen && activator.isThere(pass, deployed.get())) {
            return Optional.of(isDeployed(pass)); // It is only to be started again, which is no deployment.
        }
        // People are not kept waiting.
        return pass.isAsked() ? Optional.empty() : gates.to(selected).map(closed -> later(pass, closed));
    }

    private Verdict isDeployed(Pass pass) {
        String reason = pass.tag().orElseThrow() + " is deployed" + watch.skipped();
        return new Verdict.NothingToDo(CycleStep.GATE, reason, pass.tag());
    }

    private Verdict later(Pass pass, Gate.Closed closed) {
        Duration wait = closed.until()
                .map(until -> Duration.between(clock.instant(), until))
                .orElse(Duration.ZERO);
        return new Verdict.TryLater(CycleStep.GATE, closed.reason(), wait, pass.tag());
    }

    /** What it is pinned to stays; the registry is not asked. */
    private Verdict stay(Gate.Closed pinned) {
        return new Verdict.NothingToDo(CycleStep.GATE, pinned.reason() + ", until it is unpinned", memory.pinned());
    }

    /** Only looks after what is deployed, as while the app is paused; the registry is not asked. */
    public Verdict keep(Pass pass) {
        return lookingAfter(pass, () -> new Verdict.Paused("it is paused"));
    }

    private Verdict lookingAfter(Pass pass, Verdicts.Work work) {
        return verdicts.of(pass, () -> {
            activator.listen(pass);
            Optional<Verdict> goneBack = upkeep.goBack(pass);
            return goneBack.isPresent() ? goneBack.get() : upkeep.keep(pass, work.run());
        });
    }

    /** Looks only at how what was activated is doing; returns what came of it when it is no good, or was given up. */
    public Optional<Verdict> inspect(Pass pass) {
        try {
            Optional<Verdict> goneBack = upkeep.goBack(pass);
            return goneBack.isPresent() ? goneBack : upkeep.look(pass);
        } catch (DewyException e) {
            return Optional.of(verdicts.of(pass, e));
        }
    }

    /**
     * Has what was deployed serve again, without asking the registry, as after a restart of the agent.
     *
     * @param renew whether what runs of it already is to be replaced
     */
    public Optional<Verdict> resume(Pass pass, boolean renew) {
        try {
            upkeep.resume(pass, renew);
            return Optional.empty();
        } catch (DewyException e) {
            return Optional.of(verdicts.of(pass, e));
        }
    }

    /** Returns how long the registry asked to be left alone. */
    public Duration notBefore() {
        Duration limit = verdicts.rateLimit();
        return limit.compareTo(watch.notBefore()) > 0 ? limit : watch.notBefore();
    }
}
