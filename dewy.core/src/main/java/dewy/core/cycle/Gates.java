package dewy.core.cycle;

import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.cycle.Gate.Closed;
import dewy.core.event.ReadableTime;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a release has to pass before it is deployed, in this order; the first that is closed gives the reason. For one thread.
 *
 * @param all in their order
 */
record Gates(List<Gate> all) {
    Optional<Closed> toAll() {
        return first(Gate::toAll);
    }

    Optional<Closed> to(Release release) {
        return first(gate -> gate.to(release));
    }

    Optional<Closed> to(Deliverable selected) {
        return first(gate -> gate.to(selected));
    }

    private Optional<Closed> first(Function<Gate, Optional<Closed>> question) {
        return all.stream().flatMap(gate -> question.apply(gate).stream()).findFirst();
    }

    /** People have the app stay at a version. */
    record Pinned(AppMemory memory) implements Gate {
        @Override
        public Optional<Closed> toAll() {
            return memory.pinned().map(tag -> new Closed("it is pinned to " + tag, Optional.empty()));
        }
    }

    /** People have the app take no new releases by itself; it may be since what is looked at now was begun. */
    record Paused(AppMemory memory) implements Gate {
        @Override
        public Optional<Closed> to(Deliverable selected) {
            String tag = selected.release().tag();
            return memory.isPaused()
                    ? Optional.of(new Closed("it is paused, and " + tag + " waits until resume", Optional.empty()))
                    : Optional.empty();
        }
    }

    /** A release that a person cancelled is left alone until somebody asks for it. */
    record Cancelled(AppMemory memory) implements Gate {
        @Override
        public Optional<Closed> to(Deliverable selected) {
            String tag = selected.release().tag();
            return memory.isCancelled(selected)
                    ? Optional.of(new Closed(
                            tag + " was cancelled, and is left alone until deploy or retry asks for it",
                            Optional.empty()))
                    : Optional.empty();
        }
    }

    /**
     * A release that failed is left alone for a while, unless the registry has changed since.
     *
     * @param changed whether the last poll found the registry changed
     */
    record LeftAlone(ReleaseBackoff backoff, BooleanSupplier changed, InstantSource clock) implements Gate {
        @Override
        public Optional<Closed> to(Deliverable selected) {
            Duration left = changed.getAsBoolean() ? Duration.ZERO : backoff.left(selected);
            return left.isZero() ? Optional.empty() : Optional.of(closed(selected, left));
        }

        private Closed closed(Deliverable selected, Duration left) {
            String tag = selected.release().tag();
            Instant until = clock.instant().plus(left);
            String reason = tag + " failed and is left alone for a while: " + backoff.why(selected);
            return new Closed(reason, Optional.of(until));
        }
    }

    /** A release must have been published, or first seen, some time ago; not the one that is deployed already. */
    record CoolDown(Duration time, AppMemory memory, InstantSource clock, Map<String, Instant> seen) implements Gate {
        CoolDown(Duration time, AppMemory memory, InstantSource clock) {
            this(time, memory, clock, new HashMap<>());
        }

        @Override
        public Optional<Closed> to(Release release) {
            Instant now = clock.instant();
            Instant born = release.created().orElseGet(() -> seen.computeIfAbsent(release.tag(), tag -> now));
            Instant until = born.plus(time);
            boolean isOpen = time.isZero() || !until.isAfter(now) || isDeployed(release);
            return isOpen ? Optional.empty() : Optional.of(new Closed("too young", Optional.of(until)));
        }

        private boolean isDeployed(Release release) {
            return memory.deployed().map(Installed::tag).equals(Optional.of(release.tag()));
        }
    }

    /** What is deployed is replaced at certain times only; where there is nothing to be disturbed, they do not count. */
    record Windows(DeployWindows windows, AppMemory memory, InstantSource clock) implements Gate {
        @Override
        public Optional<Closed> to(Deliverable selected) {
            boolean replaces =
                    memory.deployed().filter(now -> !now.is(selected)).isPresent();
            Instant now = clock.instant();
            return replaces ? windows.closedUntil(now).map(until -> closed(selected, now, until)) : Optional.empty();
        }

        private Closed closed(Deliverable selected, Instant now, Instant until) {
            return new Closed(
                    selected.release().tag() + " waits for the deploy window " + windows.text() + ", which opens in "
                            + ReadableTime.of(Duration.between(now, until)),
                    Optional.of(until));
        }
    }
}
