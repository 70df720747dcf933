package dewy.core.journal;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the journal.
 *
 * @param sequence its place, from 1
 * @param time when it was written
 * @param deployId the deployment it belongs to
 * @param step what is done
 * @param phase whether it is about to be done, or what became of it
 * @param data the details by name; never a secret
 */
public record JournalEntry(
        long sequence, Instant time, String deployId, Step step, Phase phase, Map<String, String> data) {
    /** What the journal tells of. */
    public enum Step {
        /** A release is deployed: an intent before each attempt, and a result when it serves and its hooks have run. */
        DEPLOY,
        /** A release folder is filled, or an image taken from its store. */
        PREPARE,
        /** {@code current} and the runtime move to a release. */
        ACTIVATE,
        /** An image was removed from this host. */
        REMOVE,
        /** The app is told not to look for new releases ({@code INTENT}), or to do so again ({@code DONE}). */
        PAUSE,
        /** The app is told to stay at a version ({@code INTENT}), or at none ({@code DONE}). */
        PIN,
        /** The app is told to have so many replicas ({@code INTENT}), or as many as its definition says ({@code DONE}). */
        SCALE,
        /** A release failed by its own fault ({@code INTENT}), or is given another try ({@code DONE}). */
        QUARANTINE
    }

    /** Where a step is. */
    public enum Phase {
        INTENT,
        DONE,
        FAILED
    }

    public JournalEntry {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /** Returns the same entry with one more detail. */
    JournalEntry with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(data);
        more.put(name, value);
        return new JournalEntry(sequence, time, deployId, step, phase, more);
    }
}
