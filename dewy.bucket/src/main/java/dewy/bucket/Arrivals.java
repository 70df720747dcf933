package dewy.bucket;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of downloads, for those that go on with them: they may be of another source, since one that is opened for an
 * address lives as long as its download. Safe for use by several threads.
 */
final class Arrivals {
    private static final int MOST_REMEMBERED = 64;

    /**
     * Certain content.
     *
     * @param place where it is
     */
    record Content(String place, String version) {}

    /** What is remembered of the last ones alone: with most, nobody goes on any more. */
    private static final class Recent<V> extends LinkedHashMap<Content, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Content, V> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }

    /** What has arrived of downloads that broke off. */
    private final Map<Content, Checksum> interrupted = new Recent<>();
    /** What did not have its checksum, and how often. */
    private final Map<Content, Integer> wrong = new Recent<>();

    synchronized void interrupt(Content content, Checksum sum) {
        interrupted.put(content, sum);
    }

    /** Returns the checksum of what arrived up to an offset, for the caller to go on with. */
    synchronized Optional<Checksum> takeInterrupted(Content content, long offset) {
        return Optional.ofNullable(interrupted.remove(content)).filter(sum -> sum.position() == offset);
    }

    /** Takes note of whether content that has arrived has its checksum. */
    synchronized void judge(Content content, boolean right) {
        if (right) {
            wrong.remove(content);
        } else {
            wrong.merge(content, 1, Integer::sum);
        }
    }

    /** Returns how often content did not have its checksum. */
    synchronized int wrong(Content content) {
        return wrong.getOrDefault(content, 0);
    }

    synchronized void forget(Content content) {
        wrong.remove(content);
    }
}
