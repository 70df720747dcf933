package dewy.core.journal;

import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A release that failed by its own fault, and is left out.
 *
 * @param declared the digest that the registry declared, if it did
 * @param specification what the app was at the time: changed, it deserves another try
 * @param why what was wrong with it, for people
 * @param since when it failed
 */
public record BadRelease(
        String tag, String artifact, Optional<Digest> declared, String specification, String why, Instant since) {
    static final String SPECIFICATION = "specification";

    static BadRelease of(JournalEntry entry) {
        Map<String, String> data = entry.data();
        return new BadRelease(
                data.getOrDefault("tag", ""),
                data.getOrDefault("artifact", ""),
                InstalledFields.digest(data, "declared"),
                data.getOrDefault(SPECIFICATION, ""),
                data.getOrDefault("error", ""),
                entry.time());
    }

    /** Returns whether this is what the registry offers: the same version and artifact, and no other digest. */
    boolean is(Deliverable offered) {
        return is(
                offered.release().tag(),
                offered.artifact().name(),
                offered.artifact().digest());
    }

    /** Returns whether this is what is installed. */
    boolean is(Installed release) {
        return is(release.tag(), release.artifact(), release.declared());
    }

    boolean is(String version, String name, Optional<Digest> offered) {
        boolean isOther = declared.isPresent() && offered.isPresent() && !declared.equals(offered);
        return tag.equals(version) && artifact.equals(name) && !isOther;
    }
}
