package dewy.api.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A deployment that is over.
 *
 * @param at when it ended
 * @param tag the version it was about
 * @param previous the version before, if there was one
 * @param error why it failed; empty when it did not
 * @param actor who wanted it: a user, or {@code dewy} itself; empty when that is not known
 * @param cause why: {@code poll}, {@code command}, {@code rollback}, …; empty when that is not known
 * @param duration how long it took, where that is known
 */
public record PastDeployment(
        Instant at,
        String tag,
        Optional<String> previous,
        Optional<String> error,
        String actor,
        String cause,
        Optional<Duration> duration) {}
