package dewy.core.journal;

import java.time.Instant;

/**
 * A move of an app to a release, as the history tells it.
 *
 * @param deployId the deployment it belongs to
 * @param cause why: {@code poll}, {@code command}, {@code rollback}, …
 * @param actor who wants it
 * @param started when that began
 */
public record Move(String deployId, String cause, String actor, Instant started) {
    /** The cause when a release was no good. */
    public static final String ROLLBACK = "rollback";
}
