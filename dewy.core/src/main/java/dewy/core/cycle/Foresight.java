package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import dewy.core.select.Selection;
import dewy.core.verify.TrustedKeys;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells what a cycle would do, without doing it.
 *
 * @param watches fresh ones, so that nothing is remembered of what was looked at
 * @param gates what the app waits for by itself
 */
record Foresight(
        Supplier<ReleaseWatch> watches,
        Gates gates,
        Activator activator,
        AppMemory memory,
        TrustedKeys trusted,
        InstantSource clock) {
    Verdict look(Pass pass) throws DewyException {
        Optional<Gate.Closed> closed = gates.toAll();
        if (closed.isPresent()) {
            return new Verdict.NothingToDo(CycleStep.GATE, closed.get().reason(), memory.pinned());
        }
        ReleaseWatch watch = watches.get();
        Selection selection = watch.look(pass);
        return selection instanceof Selection.Selected newest
                ? foresee(pass, watch, newest.deliverable())
                : watch.nothing(pass, selection);
    }

    private Verdict foresee(Pass pass, ReleaseWatch watch, Deliverable selected) throws DewyException {
        String tag = selected.release().tag();
        pass.about(tag);
        Optional<Installed> deployed = memory.deployed();
        boolean isDeployed = deployed.filter(now -> now.is(selected)).isPresent();
        if (isDeployed && (activator.isServing(pass) || activator.isThere(pass, deployed.orElseThrow()))) {
            String again = activator.isServing(pass) ? "" : "; it would only be started again";
            return new Verdict.NothingToDo(CycleStep.GATE, tag + " is deployed" + again + watch.skipped(), pass.tag());
        }
        return gates.to(selected)
                .map(closed -> closed.verdict(pass.tag(), clock.instant(), watch.skipped()))
                .orElseGet(() -> new Verdict.WouldDeploy(
                        tag, deployed.map(Installed::tag), trusted.condition() + watch.skipped()));
    }
}
