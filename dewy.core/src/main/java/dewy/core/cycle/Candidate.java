package dewy.core.cycle;

import dewy.api.release.Deliverable;
import dewy.core.journal.Attempt;
import java.time.Instant;

/**
 * A release that is being deployed.
 *
 * @param attempt at this release, and to which deployment it belongs
 * @param started when the attempt began
 */
record Candidate(Deliverable deliverable, Attempt attempt, Instant started) {
    String tag() {
        return deliverable.release().tag();
    }
}
