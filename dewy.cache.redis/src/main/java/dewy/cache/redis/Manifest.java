package dewy.cache.redis;

import dewy.api.InvalidException;
import dewy.api.cache.Blob;
import dewy.api.release.Digest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a blob is, and where its chunks are: {@code id size digest chunks}.
 *
 * @param id by which the hash of its chunks is named
 * @param chunks how many there are
 */
record Manifest(Blob blob, String id, long chunks) {
    private static final Pattern TEXT = Pattern.compile("(\\S{1,100}) (\\d{1,18}) (\\S+) (\\d{1,18})");

    /** Returns what a text says; empty when that cannot be right. */
    static Optional<Manifest> parse(String key, String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Blob blob = new Blob(key, Long.parseLong(matcher.group(2)), Digest.parse(matcher.group(3)));
            return Optional.of(new Manifest(blob, matcher.group(1), Long.parseLong(matcher.group(4))));
        } catch (InvalidException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return id + " " + blob.size() + " " + blob.digest() + " " + chunks;
    }
}
