package dewy.core.journal;

import dewy.api.release.Deliverable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The releases whose deployment a person cancelled, until somebody asks for them. For one thread. */
final class Cancellations {
    private static final int REMEMBERED = 50;
    private static final String BY = "cancelled_by";

    private final Map<String, JournalEntry> cancelled = new LinkedHashMap<>();

    /** Returns what the journal notes of one. */
    static Map<String, String> fields(Deliverable deliverable, String by) {
        Map<String, String> fields = OpenDeployments.fields(deliverable, Optional.empty());
        fields.put(BY, by);
        return fields;
    }

    boolean contains(Deliverable deliverable) {
        return cancelled.containsKey(OpenDeployments.identity(deliverable));
    }

    boolean isEmpty() {
        return cancelled.isEmpty();
    }

    List<JournalEntry> entries() {
        return List.copyOf(cancelled.values());
    }

    /** Learns what became of a deployment: one that is begun is wanted again. */
    void learn(JournalEntry entry) {
        String identity = OpenDeployments.identity(entry.data());
        cancelled.remove(identity);
        if (entry.data().containsKey(BY)) {
            cancelled.put(identity, entry);
        }
        if (cancelled.size() > REMEMBERED) {
            cancelled.remove(cancelled.keySet().iterator().next());
        }
    }

    /** Learns that releases are given another try: all of them, if none is named. */
    void forgive(JournalEntry entry) {
        if (Quarantine.isForAll(entry)) {
            cancelled.clear();
        }
    }
}
