package dewy.core.cycle;

import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A condition of a deployment. While it is not met, what is deployed serves on. */
interface Gate {
    /**
     * Why a gate is closed.
     *
     * @param reason for people
     * @param until when it opens by itself, if time alone brings that about
     */
    record Closed(String reason, Optional<Instant> until) {
        /**
         * Returns what it comes to that a release is not deployed.
         *
         * @param remark to be added to the reason
         */
        Verdict verdict(Optional<String> tag, Instant now, String remark) {
            return until.<Verdict>map(opens ->
                            new Verdict.TryLater(CycleStep.GATE, reason + remark, Duration.between(now, opens), tag))
                    .orElseGet(() -> new Verdict.HeldBack(reason + remark, tag));
        }
    }

    /** Returns why the registry need not even be asked, whoever wants it. */
    default Optional<Closed> toAll() {
        return Optional.empty();
    }

    /** Returns why a release is passed over, so that an older one may be taken. */
    default Optional<Closed> to(Release release) {
        return Optional.empty();
    }

    /** Returns why what was selected has to wait. */
    default Optional<Closed> to(Deliverable selected) {
        return Optional.empty();
    }
}
