package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.Locating;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.event.EventKind;
import dewy.core.plugin.PluginSlot;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Polls the registry and selects what is to be deployed. The cursor is kept only with a selection that stands until the
 * registry changes, so that a release still lacking its artifact is looked at again.
 */
final class ReleaseWatch {
    /** How long until a release that lacks its artifact is looked at again; the interval may come first. */
    private static final Duration AWAIT = Duration.ofMinutes(1);

    private record Standing(Cursor cursor, List<Release> releases, Selection selection) {}

    private final PluginSlot<Registry> registry;
    private final PluginSlot<ArtifactSource> source;
    private final ReleaseSelector selector;
    private final Duration gracePeriod;
    private Optional<Standing> standing = Optional.empty();
    private Duration notBefore = Duration.ZERO;
    private boolean changed;
    private boolean doubted;

    ReleaseWatch(
            PluginSlot<Registry> registry,
            PluginSlot<ArtifactSource> source,
            ReleaseSelector selector,
            Duration gracePeriod) {
        this.registry = registry;
        this.source = source;
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

    /** The last selection could not be deployed: its artifact is described anew, since it may have been mended. */
    void doubt() {
        doubted = true;
    }

    private Selection look(CancellableCall call, Registry instance) throws DewyException {
        Poll poll = instance.poll(call, standing.map(Standing::cursor));
        notBefore = poll.notBefore().orElse(Duration.ZERO);
        changed = poll.releases().isPresent() || standing.isEmpty();
        if (!changed && !doubted) {
            Standing same = standing.orElseThrow();
            standing = Optional.of(new Standing(poll.cursor(), same.releases(), same.selection()));
            return same.selection();
        }
        List<Release> releases =
                poll.releases().or(() -> standing.map(Standing::releases)).orElseThrow();
        standing = changed ? Optional.empty() : standing;
        Selection selection = source.use(call, artifacts -> select(call, instance, artifacts, releases));
        doubted = false;
        boolean stands = selection instanceof Selection.Selected || selection instanceof Selection.None;
        standing = stands ? Optional.of(new Standing(poll.cursor(), releases, selection)) : Optional.empty();
        return selection;
    }

    private Selection select(CancellableCall call, Registry instance, ArtifactSource artifacts, List<Release> releases)
            throws DewyException {
        Optional<Locating> locating = artifacts instanceof Locating itself ? Optional.of(itself) : Optional.empty();
        Selection selection = selector.select(releases, locating);
        if (!(selection instanceof Selection.Selected selected)) {
            return selection;
        }
        Release release = selected.deliverable().release();
        Artifact artifact = selected.deliverable().artifact();
        try {
            Artifact described =
                    release.artifacts().contains(artifact) ? instance.describe(call, release, artifact) : artifact;
            return new Selection.Selected(new Deliverable(release, describe(call, locating, release, described)));
        } catch (NotFoundException e) {
            if (locating.isEmpty()) {
                throw e;
            }
            return selector.lacking(release, e.problem());
        }
    }

    private static Artifact describe(
            CancellableCall call, Optional<Locating> locating, Release release, Artifact artifact)
            throws DewyException {
        return locating.isPresent() ? locating.get().describe(call, release, artifact) : artifact;
    }
}
