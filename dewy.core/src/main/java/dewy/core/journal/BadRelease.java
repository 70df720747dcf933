package dewy.core.journal;

import dewy.api.release.Deliverable;
import java.time.Instant;
import java.util.Map;

/**
 * A release that failed by its own fault, and is left out.
 *
 * @param told what the registry told of its artifact: another content deserves another try
 * @param specification what the app was at the time: changed, it deserves another try
 * @param why what was wrong with it, for people
 * @param since when it failed
 */
public record BadRelease(
        String tag, String artifact, Publication told, String specification, String why, Instant since) {
    static final String SPECIFICATION = "specification";

    static BadRelease of(JournalEntry entry) {
        Map<String, String> data = entry.data();
        return new BadRelease(
                data.getOrDefault("tag", ""),
                data.getOrDefault("artifact", ""),
                Publication.parse(data),
                data.getOrDefault(SPECIFICATION, ""),
                data.getOrDefault("error", ""),
                entry.time());
    }

    /** Returns whether this is what the registry offers: the same version and artifact, and no other content, as far as is told. */
    boolean is(Deliverable offered) {
        boolean sameName = tag.equals(offered.release().tag())
                && artifact.equals(offered.artifact().name());
        return sameName && !told.isReplacedBy(Publication.of(offered));
    }

    /** Returns whether this is what is installed. */
    boolean is(Installed release) {
        return is(release.deliverable());
    }

    /** Returns whether it will be known when it is published again with another content. */
    public boolean isKnownFromOthers() {
        return told.isTelling();
    }
}
