package dewy.api.control;

import java.time.Instant;
import java.util.Optional;

/**
 * A deployment that is over.
 *
 * @param at when it ended
 * @param tag the version it was about
 * @param previous the version before, if there was one
 * @param error why it failed; empty when it did not
 */
public record PastDeployment(Instant at, String tag, Optional<String> previous, Optional<String> error) {}
