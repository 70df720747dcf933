package dewy.api.control;

import dewy.api.FailureKind;
import java.time.Instant;
import java.util.Optional;

/**
 * The evidence of a failed deployment in a few words. What fails in the same way again and again is one of them.
 *
 * @param id by which it is found
 * @param app the app
 * @param version the version that was to be deployed, or turned out to be no good
 * @param at when it failed, the last time
 * @param times how often it failed in this way
 * @param step the step that failed
 * @param failure what kind of failure it was
 * @param error what went wrong, in a sentence
 * @param deployId the deployment
 * @param cause why it was done: {@code poll}, {@code command}, …
 * @param actor who wanted it: a user, or {@code dewy} itself
 */
public record Capsule(
        String id,
        String app,
        String version,
        Instant at,
        int times,
        String step,
        Optional<FailureKind> failure,
        String error,
        String deployId,
        String cause,
        String actor) {}
