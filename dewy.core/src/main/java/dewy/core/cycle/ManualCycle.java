package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.journal.AppMemory;
import dewy.core.journal.AppMemory.Installed;
import dewy.core.journal.Deed;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** What people may have an app do that it would not do by itself. As a {@link DeployCycle}, for one thread at a time. */
public final class ManualCycle {
    private final DeployCycle cycle;
    private final Deployment deployment;
    private final ReleaseFinder finder;
    private final Supplier<ReleaseWatch> watches;
    private final ReleaseWatch watch;
    private final Activator activator;
    private final Settler settler;
    private final FailedRelease failedRelease;
    private final Bake bake;
    private final AppMemory memory;
    private final InstantSource clock;

    ManualCycle(
            DeployCycle cycle,
            Deployment deployment,
            ReleaseFinder finder,
            Supplier<ReleaseWatch> watches,
            CycleParts parts) {
        this.cycle = cycle;
        this.deployment = deployment;
        this.finder = finder;
        this.watches = watches;
        this.watch = parts.watch();
        this.activator = parts.activator();
        this.settler = parts.settler();
        this.failedRelease = parts.failedRelease();
        this.bake = parts.bake();
        this.memory = parts.memory();
        this.clock = parts.clock();
    }

    /** Goes back to the release before, or to the one that is named, and stays there. */
    public Verdict rollback(Pass pass, Optional<String> version) {
        return cycle.guarded(pass, () -> {
            pass.enter("rollback");
            Optional<Installed> target = version.isPresent()
                    ? memory.installed(version.get())
                    : memory.former().stream().findFirst();
            if (target.isPresent()) {
                return goTo(pass, target.get());
            }
            if (version.isPresent()) {
                return fetch(pass, version.get(), true);
            }
            throw new NotFoundException(new Problem(
                    "go back",
                    "",
                    "there is no good release before this one whose folder is still there",
                    "Name a version that the registry has"));
        });
    }

    /** Deploys the version that is named, and stays there unless it is the newest. */
    public Verdict deploy(Pass pass, String version) {
        return cycle.guarded(pass, () -> fetch(pass, version, false));
    }

    /** Ends a pin, and looks for what is new. */
    public Verdict unpin(Pass pass) {
        return cycle.guarded(pass, () -> {
            pin(pass, Optional.empty());
            watch.doubt();
            return cycle.run(pass);
        });
    }

    /** Gives all releases that failed another try. */
    public Verdict retry(Pass pass) {
        return cycle.guarded(pass, () -> {
            memory.forgive(Optional.empty());
            failedRelease.clear();
            watch.doubt();
            return cycle.run(pass);
        });
    }

    /** Looks at what a cycle would do now, and does none of it. */
    public Verdict check(Pass pass) {
        return cycle.guarded(pass, () -> {
            Optional<String> pinned = memory.pinned();
            if (pinned.isPresent()) {
                return new Verdict.NothingToDo("gate", "it is pinned to " + pinned.get(), pinned);
            }
            ReleaseWatch fresh = watches.get();
            return fresh.look(pass).end(deliverable -> foresee(pass, fresh, deliverable));
        });
    }

    private Verdict foresee(Pass pass, ReleaseWatch fresh, Deliverable deliverable) {
        String tag = deliverable.release().tag();
        pass.about(tag);
        Optional<Installed> deployed = memory.deployed().map(AppMemory.Deployed::release);
        if (deployed.isPresent() && deployed.get().is(deliverable) && activator.isServing()) {
            return new Verdict.NothingToDo("gate", tag + " is deployed" + fresh.leftOut(), pass.tag());
        }
        return new Verdict.WouldDeploy(tag, deployed.map(Installed::tag), fresh.leftOut());
    }

    private Verdict goTo(Pass pass, Installed target) throws DewyException {
        pass.about(target.tag());
        Optional<Installed> deployed = memory.deployed().map(AppMemory.Deployed::release);
        if (!deployed.equals(Optional.of(target)) || !activator.isServing()) {
            Deed deed = pass.deed(clock.instant());
            activator.activate(pass, target.deliverable(), target, deed);
            bake.end();
        }
        pass.enter("settle");
        memory.forgive(Optional.of(target.tag()));
        pin(pass, pass.tag());
        settler.settle(pass, target.deliverable());
        return new Verdict.Deployed(target.tag());
    }

    private Verdict fetch(Pass pass, String version, boolean stay) throws DewyException {
        ReleaseFinder.Found found = finder.find(pass, version);
        pass.about(version);
        memory.forgive(Optional.of(version));
        watch.doubt();
        Optional<Installed> deployed = memory.deployed().map(AppMemory.Deployed::release);
        boolean isThere = deployed.isPresent() && deployed.get().is(found.deliverable()) && activator.isServing();
        Verdict verdict = isThere
                ? new Verdict.NothingToDo("gate", version + " is deployed", pass.tag())
                : deployment
                        .deploy(pass, deployment.candidate(pass, found.deliverable()))
                        .end(active -> deployment.settle(pass, active));
        if (isThere || verdict instanceof Verdict.Deployed) {
            pin(pass, found.newest() && !stay ? Optional.empty() : Optional.of(version));
        }
        return verdict;
    }

    private void pin(Pass pass, Optional<String> tag) throws DewyException {
        Optional<String> before = memory.pinned();
        if (before.equals(tag)) {
            return;
        }
        memory.pin(tag);
        EventKind kind = tag.isPresent() ? EventKind.APP_PINNED : EventKind.APP_UNPINNED;
        String version = tag.or(() -> before).orElse("");
        pass.events().publish(kind, version, pass.events().actor());
    }
}
