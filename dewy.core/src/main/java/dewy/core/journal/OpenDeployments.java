package dewy.core.journal;

import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.core.journal.JournalEntry.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The deployments that were begun and are not complete, by what they deploy. For one thread. */
final class OpenDeployments {
    private static final String PREVIOUS = "previous";

    private final Map<String, Attempt> attempts = new LinkedHashMap<>();

    /** Returns the last attempt at a release, unless there was none or a deployment was completed since. */
    Optional<Attempt> of(Deliverable deliverable) {
        return Optional.ofNullable(attempts.get(identity(fields(deliverable, Optional.empty()))));
    }

    /** Returns what the journal notes of an attempt. */
    static Map<String, String> fields(Deliverable deliverable, Optional<String> previous) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", deliverable.cacheKey());
        fields.put(
                "declared",
                deliverable.artifact().digest().map(Digest::toString).orElse(""));
        previous.ifPresent(tag -> fields.put(PREVIOUS, tag));
        return fields;
    }

    void learn(JournalEntry entry) {
        if (entry.phase() != Phase.INTENT) {
            attempts.clear();
            return;
        }
        String identity = identity(entry.data());
        Attempt last = attempts.get(identity);
        int number = last == null ? 1 : last.number() + 1;
        attempts.put(
                identity,
                new Attempt(
                        entry.deployId(),
                        number,
                        Optional.ofNullable(entry.data().get(PREVIOUS))));
    }

    private static String identity(Map<String, String> fields) {
        return fields.get("key") + " " + fields.get("declared");
    }
}
