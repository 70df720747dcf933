package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.control.CycleOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a deploy cycle comes to. */
public sealed interface Verdict {
    /** Returns it as the outcome that people see. */
    CycleOutcome outcome(Instant at);

    /** Returns the same with a remark added to its reason, where nothing is done. */
    default Verdict with(String remark) {
        return this;
    }

    /**
     * A release was deployed.
     *
     * @param remark what people are to know of it besides; empty where there is nothing
     */
    record Deployed(String tag, String remark) implements Verdict {
        public Deployed(String tag) {
            this(tag, "");
        }

        @Override
        public CycleOutcome outcome(Instant at) {
            return new CycleOutcome(
                    CycleOutcome.Kind.DEPLOYED,
                    CycleStep.SETTLE.toString(),
                    tag + " was deployed" + remark,
                    at,
                    Optional.of(tag),
                    Optional.empty());
        }
    }

    /** There is nothing to do. */
    record NothingToDo(CycleStep step, String reason, Optional<String> tag) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            return new CycleOutcome(
                    CycleOutcome.Kind.NOTHING_TO_DO, step.toString(), reason, at, tag, Optional.empty());
        }

        @Override
        public NothingToDo with(String remark) {
            return new NothingToDo(step, reason + remark, tag);
        }
    }

    /** There is something, and it is left alone because people want that. */
    record HeldBack(String reason, Optional<String> tag) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            return new CycleOutcome(
                    CycleOutcome.Kind.NOTHING_TO_DO, CycleStep.GATE.toString(), reason, at, tag, Optional.empty());
        }

        @Override
        public HeldBack with(String remark) {
            return new HeldBack(reason + remark, tag);
        }
    }

    /** Nothing is looked for. */
    record Paused(String reason) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            return new CycleOutcome(
                    CycleOutcome.Kind.NOTHING_TO_DO,
                    CycleStep.PAUSE.toString(),
                    reason,
                    at,
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public Paused with(String remark) {
            return new Paused(reason + remark);
        }
    }

    /** There will be something to do. */
    record TryLater(CycleStep step, String reason, Duration delay, Optional<String> tag) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            return new CycleOutcome(CycleOutcome.Kind.TRY_LATER, step.toString(), reason, at, tag, Optional.empty());
        }
    }

    /** The app, or what it is done with, is no longer there for it: it begins anew as soon as it is again. */
    record Interrupted(CycleStep step, String reason, Optional<String> tag) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            return new CycleOutcome(
                    CycleOutcome.Kind.TRY_LATER,
                    step.toString(),
                    "it was interrupted: " + reason,
                    at,
                    tag,
                    Optional.empty());
        }
    }

    /**
     * A person cancelled it; what served before serves on.
     *
     * @param leftAlone whether the release is not tried again by itself
     */
    record Cancelled(CycleStep step, String by, Optional<String> tag, boolean leftAlone) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            String left = tag.filter(version -> leftAlone)
                    .map(version -> "; " + version + " is left alone until deploy or retry asks for it")
                    .orElse("");
            return new CycleOutcome(
                    CycleOutcome.Kind.CANCELLED,
                    step.toString(),
                    "it was cancelled by " + by + left,
                    at,
                    tag,
                    Optional.of(FailureKind.CANCELLED));
        }
    }

    /**
     * A release would be deployed, if this were not only a look.
     *
     * @param remark what is to be added; empty where there is nothing
     */
    record WouldDeploy(String tag, Optional<String> deployed, String remark) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            String place = deployed.map(before -> " in place of " + before).orElse("");
            return new CycleOutcome(
                    CycleOutcome.Kind.WOULD_DEPLOY,
                    CycleStep.GATE.toString(),
                    tag + " would be deployed" + place + remark,
                    at,
                    Optional.of(tag),
                    Optional.empty());
        }
    }

    /** A release failed by its own fault, and is left out; another one is in force. */
    record Quarantined(CycleStep step, DewyException cause, String bad, String good) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            String reason = bad + " is left out and " + good + " in force: "
                    + cause.problem().sentence();
            return failed(step, cause, reason, at, Optional.of(bad));
        }
    }

    /** What a person asked for cannot be done as it was asked; nothing was done. */
    record Refused(CycleStep step, DewyException cause) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            return failed(step, cause, cause.problem().sentence(), at, Optional.empty());
        }
    }

    /**
     * A step failed.
     *
     * @param tag the release it was about, if that was known already
     * @param leftAlone how long that release is not tried again, whenever the registry is asked
     */
    record Failed(CycleStep step, DewyException cause, Optional<String> tag, Duration leftAlone) implements Verdict {
        @Override
        public CycleOutcome outcome(Instant at) {
            return failed(step, cause, cause.problem().sentence(), at, tag);
        }
    }

    private static CycleOutcome failed(
            CycleStep step, DewyException cause, String reason, Instant at, Optional<String> tag) {
        return new CycleOutcome(CycleOutcome.Kind.FAILED, step.toString(), reason, at, tag, Optional.of(cause.kind()));
    }
}
