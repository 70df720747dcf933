package dewy.core.fleet;

import dewy.api.release.Release;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a registry answered to one host, for all. Immutable.
 *
 * @param revision greater where the content is another one than before: no host goes back to a lesser one, as where a store
 *     has forgotten what was written last
 * @param by the host that asked
 * @param asked when the registry answered last
 * @param good until when nobody needs to ask again, by the clock of the host that asked
 * @param content what it answered; empty when it never did
 * @param failure why it did not answer since
 * @param unshared why each host has to ask for itself
 */
record Answer(
        long revision,
        String by,
        Instant asked,
        Instant good,
        Optional<Content> content,
        Optional<String> failure,
        Optional<String> unshared) {
    private static final Comparator<Answer> NEWEST =
            Comparator.comparingLong(Answer::revision).thenComparing(Answer::good);

    /**
     * What was answered.
     *
     * @param remark what the registry had to say besides
     * @param cursor where that poll ended
     * @param selected whether it is meant for the host that asked alone
     */
    record Content(List<Release> releases, Optional<String> remark, String cursor, boolean selected) {
        Content {
            releases = List.copyOf(releases);
        }

        static Content of(Release release) {
            return new Content(List.of(release), Optional.empty(), "", false);
        }

        Content endedAt(String where) {
            return new Content(releases, remark, where, selected);
        }
    }

    static Answer given(String host, Instant when, Instant good, Optional<Answer> before, Content content) {
        boolean isSame = before.flatMap(Answer::content)
                .filter(known -> known.endedAt("").equals(content.endedAt("")))
                .isPresent();
        long revision = revisionOf(before) + (isSame ? 0 : 1);
        return new Answer(revision, host, when, good, Optional.of(content), Optional.empty(), Optional.empty());
    }

    /** Returns what tells the others to ask for themselves. */
    static Answer unshared(String host, Instant when, Instant good, Optional<Answer> before, String why) {
        return new Answer(revisionOf(before), host, when, good, Optional.empty(), Optional.empty(), Optional.of(why));
    }

    /** Returns what serves where the registry did not answer; what it answered {@code before}, if it ever did. */
    static Answer failed(String host, Instant when, Instant good, Optional<Answer> before, String why) {
        return new Answer(
                revisionOf(before),
                host,
                before.map(Answer::asked).orElse(when),
                good,
                before.flatMap(Answer::content),
                Optional.of(why),
                Optional.empty());
    }

    /** Returns the one with the greater revision, or else the one that is good for longer. */
    static Optional<Answer> newer(Optional<Answer> one, Optional<Answer> other) {
        return Stream.of(one, other).flatMap(Optional::stream).max(NEWEST);
    }

    private static long revisionOf(Optional<Answer> answer) {
        return answer.map(Answer::revision).orElse(0L);
    }

    boolean isGood(Instant now) {
        return now.isBefore(good);
    }
}
