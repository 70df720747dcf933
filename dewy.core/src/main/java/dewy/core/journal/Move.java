package dewy.core.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A move of an app to a release, as the history tells it.
 *
 * @param deployId the deployment it belongs to
 * @param cause why: {@code poll}, {@code command}, {@code rollback}, …
 * @param actor who wants it
 * @param started when that began
 * @param reason what was wrong with the release before, if that is why
 */
public record Move(String deployId, String cause, String actor, Instant started, Optional<String> reason) {
    /** The cause when a release was no good. */
    public static final String ROLLBACK = "rollback";

    /** A move for its own sake. */
    public Move(String deployId, String cause, String actor, Instant started) {
        this(deployId, cause, actor, started, Optional.empty());
    }
}
