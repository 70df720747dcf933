package dewy.api.registry;

import dewy.api.release.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a poll found.
 *
 * @param releases all releases the registry knows, in any order; empty when nothing changed since the cursor
 * @param cursor what to pass to the next poll
 * @param notBefore how long the registry asks to be left alone
 */
public record Poll(Optional<List<Release>> releases, Cursor cursor, Optional<Duration> notBefore) {
    /** Returns the answer of a registry where nothing changed since the cursor it was given. */
    public static Poll unchanged(Cursor cursor) {
        return new Poll(Optional.empty(), cursor, Optional.empty());
    }

    /** Returns the answer of a registry that announces {@code releases}; an empty list says that there are none. */
    public static Poll changed(List<Release> releases, Cursor cursor) {
        return new Poll(Optional.of(List.copyOf(releases)), cursor, Optional.empty());
    }

    public Poll notBefore(Duration wait) {
        return new Poll(releases, cursor, Optional.of(wait));
    }
}
