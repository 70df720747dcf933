package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.core.select.Selection;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One pass over the path of a release: poll and select, the gates, then fetch, prepare, activate and settle; with a look after
 * what serves before and behind. It keeps no threads and no timers; whoever runs it does so from one thread at a time.
 */
public final class DeployCycle {
    private final ReleaseWatch watch;
    private final GateKeeper gateKeeper;
    private final Deployment deployment;
    private final Upkeep upkeep;
    private final Vacancy vacancy;
    private final Verdicts verdicts;

    DeployCycle(
            ReleaseWatch watch,
            GateKeeper gateKeeper,
            Deployment deployment,
            Upkeep upkeep,
            Vacancy vacancy,
            Verdicts verdicts) {
        this.watch = watch;
        this.gateKeeper = gateKeeper;
        this.deployment = deployment;
        this.upkeep = upkeep;
        this.vacancy = vacancy;
        this.verdicts = verdicts;
    }

    /** Runs a pass. Whatever fails is part of the verdict; nothing is logged here but what was done. */
    public Verdict run(Pass pass) {
        return lookingAfter(pass, () -> {
            Optional<Verdict> stays = gateKeeper.stay();
            return stays.isPresent() ? stays.get() : verdicts.of(pass, () -> deployNewest(pass));
        });
    }

    /** The path of a release: poll and select, gate, and the rest of it. */
    private Verdict deployNewest(Pass pass) throws DewyException {
        pass.enter(CycleStep.POLL);
        Selection selection = watch.look(pass);
        if (!(selection instanceof Selection.Selected newest)) {
            return nothing(pass, selection);
        }
        Optional<Verdict> stopped = gateKeeper.stop(pass, newest.deliverable());
        return stopped.isPresent() ? stopped.get() : deployment.run(pass, newest.deliverable());
    }

    private Verdict nothing(Pass pass, Selection selection) throws DewyException {
        Verdict nothing = watch.nothing(pass, selection);
        vacancy.tell(pass, nothing, watch.finding());
        return nothing;
    }

    /** What the registry has is looked at anew in the next pass, whether or not it has changed. */
    void lookAfresh() {
        watch.lookAfresh();
    }

    /** Only looks after what is deployed, as while the app is paused; the registry is not asked. */
    public Verdict keep(Pass pass) {
        return lookingAfter(pass, () -> new Verdict.Paused("it is paused"));
    }

    private Verdict lookingAfter(Pass pass, Verdicts.Work work) {
        return verdicts.of(pass, () -> {
            upkeep.listen(pass);
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

    /** Returns how many more calls the registry answers, as it said last. */
    public OptionalLong callsLeft() {
        return watch.callsLeft();
    }
}
