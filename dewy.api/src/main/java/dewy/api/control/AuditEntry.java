package dewy.api.control;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A change of state, what became of it, and who wanted it.
 *
 * @param at when it ended, or began where it goes on
 * @param actor the name of the user or the token, or {@code dewy} itself
 * @param uid the number of the user, where the system vouches for it
 * @param from where it came from: {@code socket}, {@code prompt}, {@code http 127.0.0.1:40112}, {@code signal},
 *     {@code file /srv/dewy.yaml}, {@code configuration} with its PID, {@code command line}; {@code agent} for what the agent
 *     tells of itself
 * @param action what was to be done: the name of a command, such as {@code plugin update}, or the type of an event, such as
 *     {@code release.quarantined}
 * @param app the app that it was done to; empty where it is about a plugin, or the agent itself
 * @param cause why the agent did it: {@code poll}, {@code command}, …; empty for what was asked for
 * @param deployId the deployment that it is part of, where it is of one
 * @param outcome what became of it
 * @param reason why, or what came of it, in a line; may be empty
 * @param details what else was said, by name: a version, a plugin, a number; never a secret
 */
public record AuditEntry(
        Instant at,
        String actor,
        Optional<Integer> uid,
        String from,
        String action,
        Optional<String> app,
        Optional<String> cause,
        Optional<String> deployId,
        Outcome outcome,
        String reason,
        Map<String, String> details) {
    /** What became of a change. */
    public enum Outcome {
        /** It goes on; how it ends is an entry of its own. */
        BEGUN,
        /** It is in force. */
        DONE,
        /** It was not done, since it was not allowed or cannot be done at all. */
        REFUSED,
        /** It was tried, and failed. */
        FAILED,
        /** A person ended it. */
        CANCELLED
    }

    public AuditEntry {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
