package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.plugin.PluginSlot;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.time.Duration;
import java.util.Optional;

/**
 * Polls the registry and selects what is to be deployed. The cursor is kept only with a selection that stands until the
 * registry changes, so that a release still lacking its artifact is looked at again.
 */
final class ReleaseWatch {
    /** How long until a release that lacks its artifact is looked at again; the interval may come first. */
    private static final Duration AWAIT = Duration.ofMinutes(1);

    private record Standing(Cursor cursor, Selection selection) {}

    private final PluginSlot<Registry> registry;
    private final ReleaseSelector selector;
    private final Duration gracePeriod;
    private Optional<Standing> standing = Optional.empty();
    private Duration notBefore = Duration.ZERO;
    private boolean changed;

    ReleaseWatch(PluginSlot<Registry> registry, ReleaseSelector selector, Duration gracePeriod) {
        this.registry = registry;
        this.selector = selector;
        this.gracePeriod = gracePeriod;
    }

    /** Returns whether the last look found the registry changed. */
    boolean hasChanged() {
        return changed;
    }

    /** Returns how long the registry asked to be left alone at the last look. */
    Duration notBefore() {
        return notBefore;
    }

    Step<Deliverable> look(Pass pass) throws DewyException {
        notBefore = Duration.ZERO;
        Selection selection = registry.use(pass.call(), instance -> look(pass.call(), instance));
        if (selection instanceof Selection.Selected selected) {
            return new Step.Go<>(selected.deliverable());
        }
        if (selection instanceof Selection.None none) {
            return new Step.Stop<>(new Verdict.NothingToDo("select", none.reason(), Optional.empty()));
        }
        if (selection instanceof Selection.Awaited awaited) {
            pass.events().publish(EventKind.ARTIFACT_AWAITED, awaited.reason(), gracePeriod);
            return new Step.Stop<>(new Verdict.TryLater("select", awaited.reason(), AWAIT, Optional.of(awaited.tag())));
        }
        Selection.Missing missing = (Selection.Missing) selection;
        pass.about(missing.tag());
        throw new NotFoundException(
                new Problem("select an artifact", "of " + missing.tag(), missing.reason(), missing.advice()));
    }

    private Selection look(CancellableCall call, Registry instance) throws DewyException {
        Poll poll = instance.poll(call, standing.map(Standing::cursor));
        notBefore = poll.notBefore().orElse(Duration.ZERO);
        changed = poll.releases().isPresent() || standing.isEmpty();
        if (!changed) {
            Selection same = standing.get().selection();
            standing = Optional.of(new Standing(poll.cursor(), same));
            return same;
        }
        standing = Optional.empty();
        Selection selection =
                describe(call, instance, selector.select(poll.releases().orElseThrow()));
        if (selection instanceof Selection.Selected || selection instanceof Selection.None) {
            standing = Optional.of(new Standing(poll.cursor(), selection));
        }
        return selection;
    }

    private static Selection describe(CancellableCall call, Registry instance, Selection selection)
            throws DewyException {
        if (!(selection instanceof Selection.Selected selected)) {
            return selection;
        }
        Deliverable found = selected.deliverable();
        Artifact described = instance.describe(call, found.release(), found.artifact());
        return new Selection.Selected(new Deliverable(found.release(), described));
    }
}
