package dewy.api.control;

import dewy.api.FailureKind;
import java.time.Instant;
import java.util.Optional;

/**
 * How a deploy cycle, or another operation, ended: the answer to "why did nothing happen?".
 *
 * @param outcome how it ended
 * @param step the step at which it ended
 * @param reason why, one line for people
 * @param at when it ended
 * @param version the version it was about, if it got so far
 * @param failure what kind of failure it was; present only when it failed or was cancelled
 * @param capsule the id of the evidence, where a deployment failed
 */
public record CycleOutcome(
        Kind outcome,
        String step,
        String reason,
        Instant at,
        Optional<String> version,
        Optional<FailureKind> failure,
        Optional<String> capsule) {
    /** How a cycle ends. */
    public enum Kind {
        /** A release was deployed. */
        DEPLOYED,
        /** There is nothing to do. */
        NOTHING_TO_DO,
        /** There will be something to do, but not yet. */
        TRY_LATER,
        /** Something failed. */
        FAILED,
        /** A release would be deployed; nothing but a look was asked for. */
        WOULD_DEPLOY,
        /** What was asked for was done; it was no deploy cycle. */
        DONE,
        /** A person cancelled it, or the app was stopped; what served serves on. */
        CANCELLED
    }
    /** Creates one of which there is no evidence. */
    public CycleOutcome(
            Kind outcome,
            String step,
            String reason,
            Instant at,
            Optional<String> version,
            Optional<FailureKind> failure) {
        this(outcome, step, reason, at, version, failure, Optional.empty());
    }

    /** Returns the same with the id of its evidence. */
    public CycleOutcome withCapsule(Optional<String> id) {
        return new CycleOutcome(outcome, step, reason, at, version, failure, id);
    }
}
