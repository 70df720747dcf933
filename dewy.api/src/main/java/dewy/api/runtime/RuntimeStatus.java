package dewy.api.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How an app is doing.
 *
 * @param state what it is doing
 * @param generation the number of the serving generation, from 1; 0 when there was none
 * @param since when it entered this state
 * @param instances what serves: of a process on this host its id, which is also that of its process group; of anything
 *     else a name for people, such as that of a container
 * @param crashes how often what runs crashed since it was last activated, or restarted, on demand
 * @param detail why it is in this state, one line; empty when there is nothing to say
 * @param cacheKey which deliverable serves, or served last
 */
public record RuntimeStatus(
        State state,
        long generation,
        Instant since,
        List<String> instances,
        int crashes,
        String detail,
        Optional<String> cacheKey) {
    /** What an app is doing. */
    public enum State {
        /** Nothing was activated, or it was stopped. */
        STOPPED,
        /** A first generation is starting. */
        STARTING,
        /** A generation is ready. */
        RUNNING,
        /** The serving generation crashed and will be started again. */
        BACKING_OFF,
        /** It crashed too often; nothing is tried until the next activation. */
        FAILED
    }

    public RuntimeStatus {
        instances = List.copyOf(instances);
    }

    /** Returns how often it crashed, for people: {@code once}, or {@code 3 times}. */
    public String crashesInWords() {
        return crashes == 1 ? "once" : crashes + " times";
    }
}
