package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.core.event.EventKind;
import dewy.core.journal.AppJournal;
import dewy.core.journal.AppMemory;
import dewy.core.journal.BadRelease;
import dewy.core.journal.Installed;
import java.util.List;
import java.util.Optional;

/** What people may have an app do that it would not do by itself. As a {@link DeployCycle}, for one thread at a time. */
public final class ManualCycle {
    private final DeployCycle cycle;
    private final Foresight foresight;
    private final ReleaseFinder finder;
    private final Deployment deployment;
    private final Verdicts verdicts;
    private final AppJournal journal;
    private final AppMemory memory;

    ManualCycle(
            DeployCycle cycle,
            Foresight foresight,
            ReleaseFinder finder,
            Deployment deployment,
            Verdicts verdicts,
            AppJournal journal) {
        this.cycle = cycle;
        this.foresight = foresight;
        this.finder = finder;
        this.deployment = deployment;
        this.verdicts = verdicts;
        this.journal = journal;
        this.memory = journal.memory();
    }

    /** Goes back to the release before, or to the one that is named, and stays there. */
    public Verdict rollback(Pass pass, Optional<String> version) {
        return verdicts.of(pass, () -> {
            pass.enter(CycleStep.ROLLBACK);
            Optional<Installed> target = version.isPresent()
                    ? memory.installed(version.get())
                    : memory.former().stream().findFirst();
            if (target.isPresent()) {
                return goTo(pass, target.get());
            }
            if (version.isPresent()) {
                return fetch(pass, version.get(), true);
            }
            throw new MistakenException(new Problem(
                    "go back",
                    "",
                    "there is no good release before this one whose folder is still there",
                    "Name a version that the registry has"));
        });
    }

    /** Deploys the version that is named, and stays there unless it is the newest. */
    public Verdict deploy(Pass pass, String version) {
        return verdicts.of(pass, () -> fetch(pass, version, false));
    }

    /** Ends a pin, and looks for what is new; whether it may be deployed, the gates say as ever. */
    public Verdict unpin(Pass pass) {
        return verdicts.of(pass, () -> {
            pin(pass, Optional.empty());
            pass.unasked();
            cycle.lookAfresh();
            return cycle.run(pass);
        });
    }

    /** Gives all releases that failed another try. */
    public Verdict retry(Pass pass) {
        return verdicts.of(pass, () -> {
            journal.forgive(Optional.empty());
            deployment.forgetFailures();
            cycle.lookAfresh();
            return cycle.run(pass);
        });
    }

    /** Looks at what a cycle would do now, and does none of it. */
    public Verdict check(Pass pass) {
        return verdicts.of(pass, () -> foresight.look(pass));
    }

    private Verdict goTo(Pass pass, Installed target) throws DewyException {
        pass.about(target.tag());
        Optional<BadRelease> fault = fault(target.tag());
        if (!deployment.isServing(pass, target)) {
            deployment.goBack(pass, target, fault.isEmpty());
        }
        pass.enter(CycleStep.SETTLE);
        journal.forgive(Optional.of(target.tag()));
        pin(pass, pass.tag());
        deployment.serves(pass, target);
        return deployed(target.tag(), fault);
    }

    /** Warns of what failed before, since it is given another try only because a person wants it. */
    private Verdict deployed(String tag, Optional<BadRelease> fault) {
        String then = deployment
                .fallback()
                .map(good -> ", and is watched: if it fails again, " + good.tag() + " comes back")
                .orElse("");
        String warning = fault.map(bad -> "; it was quarantined before (" + bad.why() + ")" + then)
                .orElse("");
        return new Verdict.Deployed(tag, warning);
    }

    private Optional<BadRelease> fault(String tag) {
        return memory.quarantined().stream()
                .filter(bad -> bad.tag().equals(tag))
                .findFirst();
    }

    private Verdict fetch(Pass pass, String version, boolean stay) throws DewyException {
        List<String> onDisk =
                stay ? memory.former().stream().map(Installed::tag).toList() : List.of();
        ReleaseFinder.Found found = finder.find(pass, version, onDisk);
        pass.about(version);
        Optional<BadRelease> fault = fault(version);
        journal.forgive(Optional.of(version));
        cycle.lookAfresh();
        boolean isThere = deployment.isServing(pass, found.deliverable());
        Verdict verdict = isThere
                ? new Verdict.NothingToDo(CycleStep.GATE, version + " is deployed", pass.tag())
                : deployment.run(pass, found.deliverable());
        if (isThere || verdict instanceof Verdict.Deployed) {
            pin(pass, found.newest() && !stay ? Optional.empty() : Optional.of(version));
        }
        return verdict instanceof Verdict.Deployed ? deployed(version, fault) : verdict;
    }

    private void pin(Pass pass, Optional<String> tag) throws DewyException {
        Optional<String> before = memory.pinned();
        if (before.equals(tag)) {
            return;
        }
        journal.pin(tag);
        EventKind kind = tag.isPresent() ? EventKind.APP_PINNED : EventKind.APP_UNPINNED;
        String version = tag.or(() -> before).orElse("");
        pass.events().publish(kind, version, pass.events().actor());
    }
}
