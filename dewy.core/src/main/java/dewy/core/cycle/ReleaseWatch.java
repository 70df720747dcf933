package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Release;
import dewy.core.event.EventKind;
import dewy.core.fleet.SharedRegistry;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import dewy.core.plugin.PluginSlot;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
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
     * @param skipped the newer releases that were passed over
     */
    record Finding(Selection selection, Set<String> skipped) {}

    private record LastPoll(Cursor cursor, OfferedReleases offer, Selection selection) {
        LastPoll at(Cursor later) {
            return new LastPoll(later, offer, selection);
        }
    }

    private final PluginSlot<Registry> registry;
    private final Optional<SharedRegistry> shared;
    private final PluginSlot<ArtifactSource> source;
    private final ReleaseSelector selector;
    private final SkippedReleases skipped;
    private final AppMemory memory;
    private final Duration gracePeriod;
    private final PollLimit limit;
    private Optional<LastPoll> last = Optional.empty();
    private Duration notBefore = Duration.ZERO;
    private OptionalLong callsLeft = OptionalLong.empty();
    private Finding finding = new Finding(new Selection.None("it was not looked at yet"), Set.of());
    private boolean changed;
    private boolean afresh;

    ReleaseWatch(
            PluginSlot<Registry> registry,
            Optional<SharedRegistry> shared,
            PluginSlot<ArtifactSource> source,
            ReleaseSelector selector,
            SkippedReleases skipped,
            AppMemory memory,
            Duration gracePeriod,
            PollLimit limit) {
        this.registry = registry;
        this.shared = shared;
        this.source = source;
        this.selector = selector;
        this.skipped = skipped;
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

    /** Returns how many more calls the registry answers, as it said last. */
    OptionalLong callsLeft() {
        return callsLeft;
    }

    /** Polls, and selects. */
    Selection look(Pass pass) throws DewyException {
        notBefore = Duration.ZERO;
        Selection selection = limit.within(
                pass.call(),
                registry,
                (call, own) -> look(
                        call, shared.map(answers -> answers.during(call, own)).orElse(own)));
        shared.ifPresent(answers -> answers.tell(pass.events()));
        finding = new Finding(selection, skipped.tags());
        return selection;
    }

    /**
     * Returns what it comes to that nothing was selected.
     *
     * @throws DewyException if waiting does not help
     */
    Verdict nothing(Pass pass, Selection selection) throws DewyException {
        if (selection instanceof Selection.None none) {
            String reason = none.reason() + skipped();
            return skipped.left()
                    .<Verdict>map(left -> new Verdict.TryLater(CycleStep.SELECT, reason, left, Optional.empty()))
                    .orElseGet(() -> new Verdict.NothingToDo(CycleStep.SELECT, reason, Optional.empty()));
        }
        if (selection instanceof Selection.Awaited awaited) {
            pass.events().publish(EventKind.ARTIFACT_AWAITED, awaited.reason(), gracePeriod);
            return new Verdict.TryLater(CycleStep.SELECT, awaited.reason(), AWAIT, awaited.tag());
        }
        selection.tag().ifPresent(pass::about);
        throw ((Selection.Hopeless) selection).failure();
    }

    /** Returns what the last look came to. */
    Finding finding() {
        return finding;
    }

    /**
     * Returns which newer releases were passed over and why, and whether the registry has not answered since, to be added to
     * a reason; empty when there is nothing of that.
     */
    String skipped() {
        return skipped.text() + shared.map(SharedRegistry::remark).orElse("");
    }

    /** The last selection could not be deployed: its artifact is described anew, since it may have been mended. */
    void lookAfresh() {
        afresh = true;
    }

    private Selection look(CancellableCall call, Registry instance) throws DewyException {
        Poll poll = instance.poll(call, last.map(LastPoll::cursor));
        notBefore = poll.notBefore().orElse(Duration.ZERO);
        callsLeft = poll.callsLeft().isPresent() ? poll.callsLeft() : callsLeft;
        changed = poll.releases().isPresent() || last.isEmpty();
        boolean due = skipped.left().filter(Duration::isZero).isPresent();
        if (!changed && !afresh && !due) {
            last = last.map(same -> same.at(poll.cursor()));
            return last.orElseThrow().selection();
        }
        OfferedReleases offer = changed
                ? OfferedReleases.of(instance, poll)
                : last.orElseThrow().offer();
        last = changed ? Optional.empty() : last;
        Selection selection = remarked(
                offer.remark(),
                source.use(
                        call,
                        artifacts -> select(call, new Description(selector, instance, artifacts, memory), offer)));
        afresh = false;
        boolean stands = skipped.incomplete().isEmpty()
                && (selection instanceof Selection.Selected || selection instanceof Selection.None);
        last = stands ? Optional.of(new LastPoll(poll.cursor(), offer, selection)) : Optional.empty();
        return selection;
    }

    private static Selection remarked(Optional<String> remark, Selection selection) {
        return remark.isPresent() && selection instanceof Selection.None none
                ? new Selection.None(none.reason() + "; " + remark.get())
                : selection;
    }

    /** Selects the newest release that is not passed over; never one that is older than what is deployed on that account. */
    private Selection select(CancellableCall call, Description description, OfferedReleases offer)
            throws DewyException {
        OfferedReleases rest = offer;
        skipped.clear();
        while (true) {
            Selection newest = rest.select(selector, description.locating());
            Optional<Release> release = rest.named(newest.tag());
            if (release.isPresent() && rest.isOutline(release.get())) {
                // What it offers, and since when, may make it another choice.
                rest = rest.with(description.complete(call, rest, release.get()));
                continue;
            }
            if (release.isEmpty() || !skipped.heldBack(release.get())) {
                Selection described =
                        newest instanceof Selection.Selected one ? tracked(description.of(call, one)) : newest;
                boolean isSkipped = skipped.incomplete(described)
                        || (described instanceof Selection.Selected one && skipped.quarantined(one.deliverable()));
                if (!isSkipped) {
                    return skipped.isEmpty() ? described : notOlder(described);
                }
            }
            rest = rest.without(newest.tag());
        }
    }

    /** Where versions alone count, one that is installed stays what it was, whatever is published under it by now. */
    private Selection tracked(Selection selection) {
        return selector.takesVersionsOnly() && selection instanceof Selection.Selected one
                ? new Selection.Selected(memory.asInstalled(one.deliverable()))
                : selection;
    }

    private Selection notOlder(Selection selection) {
        Optional<String> deployed =
                memory.deployed().filter(release -> !memory.isBad(release)).map(Installed::tag);
        boolean isOlder = selection.tag().isPresent()
                && deployed.isPresent()
                && selector.isOlder(selection.tag().get(), deployed.get());
        boolean isAnswer = selection instanceof Selection.Selected || selection instanceof Selection.Ambiguous;
        if (skipped.incomplete().isPresent() && !isAnswer) {
            return skipped.incomplete().get();
        }
        if (isOlder || selection instanceof Selection.None) {
            return new Selection.None(deployed.map(tag -> tag + " is deployed, and nothing newer is eligible")
                    .orElse("nothing else is eligible"));
        }
        return selection;
    }
}
