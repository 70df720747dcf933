package dewy.core.fleet;

import dewy.api.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a registry answered to one host, for all. Immutable.
 *
 * @param by the host that asked
 * @param asked when the registry answered last
 * @param good until when nobody needs to ask again, by the clock of the host that asked
 * @param content what it answered; empty when it never did
 * @param failure why it did not answer since
 * @param unshared why each host has to ask for itself
 */
record Answer(
        String by,
        Instant asked,
        Instant good,
        Optional<Content> content,
        Optional<String> failure,
        Optional<String> unshared) {
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

    static Answer given(String host, Instant when, Instant good, Content content) {
        return new Answer(host, when, good, Optional.of(content), Optional.empty(), Optional.empty());
    }

    /** Returns what tells the others to ask for themselves. */
    static Answer unshared(String host, Instant when, Instant good, String why) {
        return new Answer(host, when, good, Optional.empty(), Optional.empty(), Optional.of(why));
    }

    /** Returns what serves where the registry did not answer; what it answered {@code before}, if it ever did. */
    static Answer failed(String host, Instant when, Instant good, Optional<Answer> before, String why) {
        return new Answer(
                host,
                before.map(Answer::asked).orElse(when),
                good,
                before.flatMap(Answer::content),
                Optional.of(why),
                Optional.empty());
    }

    boolean isGood(Instant now) {
        return now.isBefore(good);
    }
}
