package dewy.core.journal;

import dewy.api.control.PastDeployment;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * How deployments ended; what failed in the same way again and again is one of them. Written by one thread; {@link #all} may
 * be asked by others.
 */
final class DeploymentHistory {
    static final int REMEMBERED = 100;
    private static final String TAG = "tag";
    private static final String ERROR = "error";
    private static final String STARTED = "started";
    private static final String REASON = "reason";
    private static final String CANCELLED = "cancelled";

    private final Deque<PastDeployment> past = new ConcurrentLinkedDeque<>();
    private Optional<JournalEntry> last = Optional.empty();

    /** Returns all of them, the last one first. */
    List<PastDeployment> all() {
        return List.copyOf(past);
    }

    /** Returns what the journal notes of a move, beside what it was about. */
    static Map<String, String> fields(Move move) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("actor", move.actor());
        fields.put("cause", move.cause());
        fields.put(STARTED, move.started().toString());
        move.reason().ifPresent(reason -> fields.put(REASON, reason));
        return fields;
    }

    /** Returns what the journal notes besides of one that came to nothing. */
    static Map<String, String> fields(Ending ending) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(ERROR, ending.error());
        if (ending.cancelled()) {
            fields.put(CANCELLED, "true");
        }
        return fields;
    }

    /** Returns whether an entry tells how a deployment ended. */
    static boolean isTold(JournalEntry entry) {
        boolean isOver =
                entry.phase() == Phase.FAILED || (entry.step() == Step.ACTIVATE && entry.phase() == Phase.DONE);
        return isOver && entry.data().containsKey(TAG);
    }

    /** Returns whether an entry tells the same failure as the one before it. */
    static boolean repeats(JournalEntry before, JournalEntry entry) {
        return entry.phase() == Phase.FAILED
                && before.phase() == Phase.FAILED
                && Objects.equals(entry.data().get(TAG), before.data().get(TAG))
                && Objects.equals(entry.data().get(ERROR), before.data().get(ERROR));
    }

    void learn(JournalEntry entry, Optional<String> previous) {
        Map<String, String> data = entry.data();
        if (last.isPresent() && repeats(last.get(), entry)) {
            past.removeFirst();
        }
        last = Optional.of(entry);
        past.addFirst(new PastDeployment(
                entry.time(),
                data.getOrDefault(TAG, ""),
                previous,
                Optional.ofNullable(data.get(ERROR)),
                data.containsKey(CANCELLED),
                Optional.ofNullable(data.get(REASON)),
                Optional.ofNullable(data.get(InstalledFields.SIGNER)),
                data.getOrDefault("actor", ""),
                data.getOrDefault("cause", ""),
                started(data)
                        .map(started -> Duration.between(started, entry.time()))
                        .filter(duration -> !duration.isNegative()),
                entry.deployId()));
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
