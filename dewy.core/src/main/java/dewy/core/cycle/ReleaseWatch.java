package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.event.EventKind;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import dewy.core.plugin.PluginSlot;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Polls the registry and selects what is to be deployed. The cursor is kept only with a selection that stands until the
 * registry changes, so that a release still lacking its artifact is looked at again.
 */
final class ReleaseWatch {
    /** How long until a release that lacks its artifact is looked at again; the interval may come first. */
    private static final Duration AWAIT = Duration.ofMinutes(1);

    /**
     * What a look came to, but for what changes with time.
     *
     * @param leftOut the newer releases that were left out
     */
    record Sight(Selection selection, Set<String> leftOut) {}

    private record Standing(Cursor cursor, List<Release> releases, Optional<String> remark, Selection selection) {
        Standing at(Cursor later) {
            return new Standing(later, releases, remark, selection);
        }
    }

    private final PluginSlot<Registry> registry;
    private final PluginSlot<ArtifactSource> source;
    private final ReleaseSelector selector;
    private final LeftOut leftOut;
    private final AppMemory memory;
    private final Duration gracePeriod;
    private final PollLimit limit;
    private Optional<Standing> standing = Optional.empty();
    private Duration notBefore = Duration.ZERO;
    private Sight sight = new Sight(new Selection.None("it was not looked at yet"), Set.of());
    private boolean changed;
    private boolean doubted;

    ReleaseWatch(
            PluginSlot<Registry> registry,
            PluginSlot<ArtifactSource> source,
            ReleaseSelector selector,
            LeftOut leftOut,
            AppMemory memory,
            Duration gracePeriod,
            PollLimit limit) {
        this.registry = registry;
        this.source = source;
        this.selector = selector;
        this.leftOut = leftOut;
        this.memory = memory;
        this.gracePeriod = gracePeriod;
        this.limit = limit;
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
        Selection selection = limit.within(pass.call(), registry, this::look);
        sight = new Sight(selection, leftOut.tags());
        if (selection instanceof Selection.Selected selected) {
            return new Step.Go<>(selected.deliverable());
        }
        if (selection instanceof Selection.None none) {
            return new Step.Stop<>(nothing(none.reason()));
        }
        if (selection instanceof Selection.Awaited awaited) {
            pass.events().publish(EventKind.ARTIFACT_AWAITED, awaited.reason(), gracePeriod);
            return new Step.Stop<>(new Verdict.TryLater("select", awaited.reason(), AWAIT, awaited.tag()));
        }
        selection.tag().ifPresent(pass::about);
        throw ((Selection.Hopeless) selection).failure();
    }

    /** Returns what the last look came to. */
    Sight sight() {
        return sight;
    }

    /** Returns which newer releases were left out and why, to be added to a reason; empty when there are none. */
    String leftOut() {
        return leftOut.text();
    }

    private Verdict nothing(String reason) {
        return leftOut.left()
                .<Verdict>map(left -> new Verdict.TryLater("select", reason + leftOut(), left, Optional.empty()))
                .orElseGet(() -> new Verdict.NothingToDo("select", reason + leftOut(), Optional.empty()));
    }

    /** The last selection could not be deployed: its artifact is described anew, since it may have been mended. */
    void doubt() {
        doubted = true;
    }

    private Selection look(CancellableCall call, Registry instance) throws DewyException {
        Poll poll = instance.poll(call, standing.map(Standing::cursor));
        notBefore = poll.notBefore().orElse(Duration.ZERO);
        changed = poll.releases().isPresent() || standing.isEmpty();
        boolean due = leftOut.left().filter(Duration::isZero).isPresent();
        if (!changed && !doubted && !due) {
            standing = standing.map(same -> same.at(poll.cursor()));
            return standing.orElseThrow().selection();
        }
        List<Release> releases =
                poll.releases().or(() -> standing.map(Standing::releases)).orElseThrow();
        Optional<String> remark = changed ? poll.remark() : standing.flatMap(Standing::remark);
        standing = changed ? Optional.empty() : standing;
        Selection selection = remarked(
                remark,
                source.use(call, artifacts -> select(call, new Description(selector, instance, artifacts), releases)));
        doubted = false;
        boolean stands = leftOut.incomplete().isEmpty()
                && (selection instanceof Selection.Selected || selection instanceof Selection.None);
        standing = stands ? Optional.of(new Standing(poll.cursor(), releases, remark, selection)) : Optional.empty();
        return selection;
    }

    private static Selection remarked(Optional<String> remark, Selection selection) {
        return remark.isPresent() && selection instanceof Selection.None none
                ? new Selection.None(none.reason() + "; " + remark.get())
                : selection;
    }

    /** Selects the newest release that is not left out; never one that is older than what is deployed on that account. */
    private Selection select(CancellableCall call, Description description, List<Release> releases)
            throws DewyException {
        List<Release> rest = new ArrayList<>(releases);
        leftOut.clear();
        while (true) {
            Selection newest = selector.select(rest, description.locating());
            Optional<Release> release = rest.stream()
                    .filter(each -> newest.tag().equals(Optional.of(each.tag())))
                    .findFirst();
            boolean isOut = release.isPresent() && leftOut.tooYoung(release.get());
            if (!isOut) {
                Selection described = newest instanceof Selection.Selected one ? description.of(call, one) : newest;
                isOut = leftOut.incomplete(described)
                        || (described instanceof Selection.Selected one && leftOut.noGood(one.deliverable()));
                if (!isOut) {
                    return leftOut.isEmpty() ? described : notOlder(described);
                }
            }
            rest.removeIf(each -> newest.tag().equals(Optional.of(each.tag())));
        }
    }

    private Selection notOlder(Selection selection) {
        Optional<String> deployed =
                memory.deployed().filter(release -> !memory.isBad(release)).map(Installed::tag);
        boolean isOlder = selection.tag().isPresent()
                && deployed.isPresent()
                && selector.isOlder(selection.tag().get(), deployed.get());
        boolean isAnswer = selection instanceof Selection.Selected || selection instanceof Selection.Ambiguous;
        if (leftOut.incomplete().isPresent() && !isAnswer) {
            return leftOut.incomplete().get();
        }
        if (isOlder || selection instanceof Selection.None) {
            return new Selection.None(deployed.map(tag -> tag + " is deployed, and nothing newer is eligible")
                    .orElse("nothing else is eligible"));
        }
        return selection;
    }
}
