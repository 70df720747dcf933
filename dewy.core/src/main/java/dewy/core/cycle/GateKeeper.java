package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import java.time.InstantSource;
import java.util.Optional;

/** Decides whether there is anything to deploy, and whether it may be deployed now. For one thread. */
final class GateKeeper {
    private final Gates gates;
    private final ReleaseWatch watch;
    private final Activator activator;
    private final Deployment deployment;
    private final AppMemory memory;
    private final InstantSource clock;

    GateKeeper(
            Gates gates,
            ReleaseWatch watch,
            Activator activator,
            Deployment deployment,
            AppMemory memory,
            InstantSource clock) {
        this.gates = gates;
        this.watch = watch;
        this.activator = activator;
        this.deployment = deployment;
        this.memory = memory;
        this.clock = clock;
    }

    /** Returns what it comes to that the registry need not even be asked, as while the app is pinned. */
    Optional<Verdict> stay() {
        return gates.toAll()
                .map(pinned -> new Verdict.NothingToDo(
                        CycleStep.GATE, pinned.reason() + ", until it is unpinned", memory.pinned()));
    }

    /** Returns what it comes to that what was selected is not deployed; empty when it is to be. */
    Optional<Verdict> stop(Pass pass, Deliverable selected) throws DewyException {
        pass.enter(CycleStep.GATE);
        pass.about(selected.release().tag());
        Optional<Installed> deployed = memory.deployed().filter(now -> now.is(selected));
        boolean isOpen = memory.isOpen(selected);
        if (deployed.isPresent() && activator.isServing(pass)) {
            deployment.forgetFailures();
            return Optional.of(isOpen ? deployment.complete(pass, deployed.get(), selected) : isDeployed(pass));
        }
        if (deployed.isPresent() && !isOpen && activator.isThere(pass, deployed.get())) {
            return Optional.of(isDeployed(pass)); // It is only to be started again, which is no deployment.
        }
        // People are not kept waiting.
        return pass.isAsked()
                ? Optional.empty()
                : gates.to(selected).map(closed -> closed.verdict(pass.tag(), clock.instant(), ""));
    }

    private Verdict isDeployed(Pass pass) {
        String reason = pass.tag().orElseThrow() + " is deployed" + watch.skipped();
        return new Verdict.NothingToDo(CycleStep.GATE, reason, pass.tag());
    }
}
