package dewy.core.journal;

import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.core.journal.JournalEntry.Phase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The deployments that were begun last and are not complete, by what they deploy. For one thread. */
final class OpenDeployments {
    private static final int REMEMBERED = 50;
    private static final String PREVIOUS = "previous";
    private static final String ATTEMPT = "attempt";
    private static final String NAMELESS = identity(Map.of());

    /** The last attempt of each, which says its number. */
    private final Map<String, JournalEntry> attempts = new LinkedHashMap<>();

    /** Returns the last attempt at a release, unless there was none or a deployment was completed since. */
    Optional<Attempt> of(Deliverable deliverable) {
        return Optional.ofNullable(attempts.get(identity(deliverable))).map(OpenDeployments::attempt);
    }

    /** Returns the last attempt of each, as entries that stand for all the attempts before. */
    List<JournalEntry> entries() {
        return List.copyOf(attempts.values());
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
        String identity = identity(entry.data());
        if (entry.phase() != Phase.INTENT) {
            endOf(identity);
            return;
        }
        JournalEntry last = attempts.remove(identity);
        int before = last == null ? 0 : number(last);
        boolean saysNumber = entry.data().containsKey(ATTEMPT);
        attempts.put(identity, saysNumber ? entry : entry.with(ATTEMPT, Integer.toString(before + 1)));
        if (attempts.size() > REMEMBERED) {
            attempts.remove(attempts.keySet().iterator().next());
        }
    }

    /** What ends without a name ends all: one that is complete has taken the place of the others. */
    private void endOf(String identity) {
        if (identity.equals(NAMELESS)) {
            attempts.clear();
        } else {
            attempts.remove(identity);
        }
    }

    private static Attempt attempt(JournalEntry entry) {
        Optional<String> previous = Optional.ofNullable(entry.data().get(PREVIOUS));
        return new Attempt(entry.deployId(), number(entry), previous);
    }

    private static int number(JournalEntry entry) {
        try {
            return Integer.parseInt(entry.data().getOrDefault(ATTEMPT, ""));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    static String identity(Deliverable deliverable) {
        return identity(fields(deliverable, Optional.empty()));
    }

    /** Returns what tells a deployment from others, of what the journal notes of it. */
    static String identity(Map<String, String> fields) {
        return fields.get("key") + " " + fields.get("declared");
    }
}
