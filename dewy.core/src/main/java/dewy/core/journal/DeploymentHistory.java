package dewy.core.journal;

import dewy.api.control.PastDeployment;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** How deployments ended. Written by one thread; {@link #all} may be asked by others. */
final class DeploymentHistory {
    static final int REMEMBERED = 100;
    private static final String STARTED = "started";

    private final Deque<PastDeployment> past = new ConcurrentLinkedDeque<>();

    /** Returns all of them, the last one first. */
    List<PastDeployment> all() {
        return List.copyOf(past);
    }

    /** Returns what the journal notes of a deed, beside what it was about. */
    static Map<String, String> fields(Deed deed) {
        return Map.of(
                "actor",
                deed.actor(),
                "cause",
                deed.cause(),
                STARTED,
                deed.started().toString());
    }

    void learn(JournalEntry entry, String tag, Optional<String> previous) {
        Map<String, String> data = entry.data();
        past.addFirst(new PastDeployment(
                entry.time(),
                tag,
                previous,
                Optional.ofNullable(data.get("error")),
                data.getOrDefault("actor", ""),
                data.getOrDefault("cause", ""),
                started(data)
                        .map(started -> Duration.between(started, entry.time()))
                        .filter(duration -> !duration.isNegative())));
        if (past.size() > REMEMBERED) {
            past.removeLast();
        }
    }

    private static Optional<Instant> started(Map<String, String> data) {
        try {
            return Optional.ofNullable(data.get(STARTED)).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
