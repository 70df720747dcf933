package dewy.api.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A deployment that is over.
 *
 * @param at when it ended
 * @param version the version it was about
 * @param previous the version before, if there was one
 * @param error why it failed, or who cancelled it; empty when it did not
 * @param cancelled whether it was cancelled, and did not fail by itself
 * @param reason what was wrong with the version before, if that is why
 * @param signer by which key the version is signed, where that was verified
 * @param actor who wanted it: a user, or {@code dewy} itself; empty when that is not known
 * @param cause why: {@code poll}, {@code command}, {@code rollback}, …; empty when that is not known
 * @param seconds how long it took, where that is known
 * @param deployId by which its events and its evidence are found
 * @param capsule the id of the evidence, where it failed and that is still there
 */
public record PastDeployment(
        Instant at,
        String version,
        Optional<String> previous,
        Optional<String> error,
        boolean cancelled,
        Optional<String> reason,
        Optional<String> signer,
        String actor,
        String cause,
        OptionalDouble seconds,
        String deployId,
        Optional<String> capsule) {
    private static final double MILLIS_A_SECOND = 1_000;

    /** Describes a deployment that took so long. */
    public PastDeployment(
            Instant at,
            String version,
            Optional<String> previous,
            Optional<String> error,
            boolean cancelled,
            Optional<String> reason,
            Optional<String> signer,
            String actor,
            String cause,
            Optional<Duration> duration,
            String deployId) {
        this(
                at,
                version,
                previous,
                error,
                cancelled,
                reason,
                signer,
                actor,
                cause,
                seconds(duration),
                deployId,
                Optional.empty());
    }

    /** Returns the same with the id of its evidence. */
    public PastDeployment withCapsule(Optional<String> id) {
        return new PastDeployment(
                at, version, previous, error, cancelled, reason, signer, actor, cause, seconds, deployId, id);
    }

    private static OptionalDouble seconds(Optional<Duration> duration) {
        return duration.isPresent()
                ? OptionalDouble.of(duration.get().toMillis() / MILLIS_A_SECOND)
                : OptionalDouble.empty();
    }
}
