package dewy.core.journal;

import java.time.Instant;

/**
 * Who has an app move to a release.
 *
 * @param deployId the deployment it belongs to
 * @param cause why: {@code poll}, {@code command}, {@code rollback}, …
 * @param actor who
 * @param started when that began
 */
public record Deed(String deployId, String cause, String actor, Instant started) {
    /** The cause when a release was no good. */
    public static final String ROLLBACK = "rollback";
}
