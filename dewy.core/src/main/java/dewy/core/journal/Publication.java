package dewy.core.journal;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a registry tells of the artifact of a release, by which it is known when another one is published in its place.
 *
 * @param digest what is known to be that of its content
 * @param size its length in bytes
 * @param time when the release was published
 */
public record Publication(Optional<Digest> digest, OptionalLong size, Optional<Instant> time) {
    static final String DIGEST = "declared";
    private static final String SIZE = "size";
    private static final String TIME = "published";

    static Publication of(Deliverable deliverable) {
        Artifact artifact = deliverable.artifact();
        return new Publication(
                artifact.digest(), artifact.size(), deliverable.release().created());
    }

    /** Returns what the journal has; a value that cannot be read is not known. */
    static Publication parse(Map<String, String> fields) {
        return new Publication(InstalledFields.digest(fields, DIGEST), size(fields), time(fields));
    }

    /** Returns what the journal notes of it. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        digest.ifPresent(known -> fields.put(DIGEST, known.toString()));
        size.ifPresent(bytes -> fields.put(SIZE, Long.toString(bytes)));
        time.ifPresent(at -> fields.put(TIME, at.toString()));
        return fields;
    }

    /** Returns whether the other one is of another content. Digests decide, and the rest where they cannot be compared. */
    boolean isReplacedBy(Publication other) {
        if (digest.isPresent()
                && other.digest.isPresent()
                && digest.get().algorithm().equals(other.digest.get().algorithm())) {
            return !digest.equals(other.digest);
        }
        boolean otherSize = size.isPresent() && other.size.isPresent() && !size.equals(other.size);
        boolean otherTime = time.isPresent() && other.time.isPresent() && !time.equals(other.time);
        return otherSize || otherTime;
    }

    /** Returns whether another one can be told from it at all. */
    boolean isTelling() {
        return digest.isPresent() || size.isPresent() || time.isPresent();
    }

    private static OptionalLong size(Map<String, String> fields) {
        try {
            String bytes = fields.get(SIZE);
            return bytes == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bytes));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static Optional<Instant> time(Map<String, String> fields) {
        try {
            return Optional.ofNullable(fields.get(TIME)).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
