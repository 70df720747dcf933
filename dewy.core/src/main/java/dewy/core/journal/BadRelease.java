package dewy.core.journal;

import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * A release that failed by its own fault, and is left out.
 *
 * @param digest the digest that the registry declared, if it did
 * @param specification what the app was at the time: changed, it deserves another try
 * @param why what was wrong with it, for people
 * @param since when it failed
 */
public record BadRelease(
        String tag, String artifact, Optional<Digest> digest, String specification, String why, Instant since) {
    /** Returns whether this is what the registry offers: the same version and artifact, and no other digest. */
    boolean is(Deliverable deliverable) {
        Optional<Digest> offered = deliverable.artifact().digest();
        boolean other = digest.isPresent() && offered.isPresent() && !digest.equals(offered);
        return tag.equals(deliverable.release().tag())
                && artifact.equals(deliverable.artifact().name())
                && !other;
    }
}
