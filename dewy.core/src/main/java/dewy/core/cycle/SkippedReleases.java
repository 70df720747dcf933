package dewy.core.cycle;

import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.event.ReadableTime;
import dewy.core.journal.AppMemory;
import dewy.core.journal.BadRelease;
import dewy.core.select.Selection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The releases that are not taken although they are the newest: those that are no good, or held back by a gate, or, where
 * nothing is deployed yet, without their artifact. For one thread.
 */
final class SkippedReleases {
    /** Each may be a question to the artifact source. */
    private static final int MOST_INCOMPLETE = 10;

    private final AppMemory memory;
    private final Gates gates;
    private final InstantSource clock;
    private final Map<String, Gate.Closed> releases = new LinkedHashMap<>();
    private final List<Selection> incomplete = new ArrayList<>();

    SkippedReleases(AppMemory memory, Gates gates, InstantSource clock) {
        this.memory = memory;
        this.gates = gates;
        this.clock = clock;
    }

    void clear() {
        releases.clear();
        incomplete.clear();
    }

    boolean isEmpty() {
        return releases.isEmpty();
    }

    Set<String> tags() {
        return Set.copyOf(releases.keySet());
    }

    /** Passes a release over if a gate is closed to it; returns whether one is. */
    boolean heldBack(Release release) {
        Optional<Gate.Closed> closed = gates.to(release);
        closed.ifPresent(why -> releases.put(release.tag(), why));
        return closed.isPresent();
    }

    /** Passes a release over if it failed by its own fault; returns whether it did. */
    boolean quarantined(Deliverable deliverable) {
        Optional<BadRelease> bad = memory.quarantined(deliverable);
        bad.ifPresent(release -> {
            String then = release.isKnownFromOthers() ? "" : ". Once it is published again, use retry";
            String reason = "quarantined: " + release.why() + then;
            releases.put(release.tag(), new Gate.Closed(reason, Optional.empty()));
        });
        return bad.isPresent();
    }

    /**
     * Passes a release over if it lacks its artifact and nothing else serves in its place; returns whether it did. One
     * with several that suit alike is not passed over: nothing will come of itself.
     */
    boolean incomplete(Selection selection) {
        if (!(selection instanceof Selection.Incomplete lacking)
                || memory.deployed().isPresent()
                || incomplete.size() == MOST_INCOMPLETE) {
            return false;
        }
        incomplete.add(selection);
        String why = "without " + lacking.lack();
        selection.tag().ifPresent(tag -> releases.put(tag, new Gate.Closed(why, Optional.empty())));
        return true;
    }

    /** Returns the newest of those that lack their artifact. */
    Optional<Selection> incomplete() {
        return incomplete.stream().findFirst();
    }

    /** Returns when one of them will be taken, if time alone brings that about. */
    Optional<Instant> until() {
        return releases.values().stream().flatMap(why -> why.until().stream()).min(Instant::compareTo);
    }

    /** Returns how long it is until then; zero when that is now. */
    Optional<Duration> left() {
        return until().map(end -> Duration.between(clock.instant(), end))
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }

    /** Returns what is to be added to a reason; empty when nothing is left out. */
    String text() {
        return releases.entrySet().stream()
                .map(out -> "; " + out.getKey() + " is left out, " + text(out.getValue()))
                .collect(Collectors.joining());
    }

    private String text(Gate.Closed why) {
        return why.reason()
                + why.until()
                        .map(end -> ", in " + ReadableTime.of(Duration.between(clock.instant(), end)))
                        .orElse("");
    }
}
