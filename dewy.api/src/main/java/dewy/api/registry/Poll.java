package dewy.api.registry;

import dewy.api.release.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a poll found.
 *
 * @param releases all releases the registry knows, in any order, or their {@linkplain Outlining outlines}; empty when nothing
 *     changed since the cursor
 * @param cursor what to pass to the next poll
 * @param notBefore how long the registry asks to be left alone
 * @param remark what the registry found that may be why a release is not among them, and what to do about it, for people:
 *     it is told where none of the releases can be deployed; where it becomes another one, so does the cursor
 * @param selected whether the registry selected for this host itself: then the first of the releases, with the first of its
 *     artifacts, is what is to be deployed, whatever they are called, and the next one where that is no good. Otherwise core
 *     selects
 * @param callsLeft how many more calls the registry answers for now, where it limits them and says so
 */
public record Poll(
        Optional<List<Release>> releases,
        Cursor cursor,
        Optional<Duration> notBefore,
        Optional<String> remark,
        boolean selected,
        OptionalLong callsLeft) {
    private Poll(Optional<List<Release>> releases, Cursor cursor) {
        this(releases, cursor, Optional.empty(), Optional.empty(), false, OptionalLong.empty());
    }

    /** Returns the answer of a registry where nothing changed since the cursor it was given. */
    public static Poll unchanged(Cursor cursor) {
        return new Poll(Optional.empty(), cursor);
    }

    /** Returns the answer of a registry that announces {@code releases}; an empty list says that there are none. */
    public static Poll changed(List<Release> releases, Cursor cursor) {
        return new Poll(Optional.of(List.copyOf(releases)), cursor);
    }

    public Poll notBefore(Duration wait) {
        return new Poll(releases, cursor, Optional.of(wait), remark, selected, callsLeft);
    }

    public Poll remark(String text) {
        return new Poll(releases, cursor, notBefore, Optional.of(text), selected, callsLeft);
    }

    /** Returns the answer of a registry that selected the first of its releases for this host, in its order of preference. */
    public Poll selectedForHost() {
        return new Poll(releases, cursor, notBefore, remark, true, callsLeft);
    }

    public Poll callsLeft(OptionalLong left) {
        return new Poll(releases, cursor, notBefore, remark, selected, left);
    }
}
