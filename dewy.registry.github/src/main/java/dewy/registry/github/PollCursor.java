package dewy.registry.github;

import dewy.api.registry.Cursor;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a poll ended.
 *
 * @param fingerprint what all releases looked like, in what matters
 * @param etag the validator of the first page, where GitHub gave one
 */
record PollCursor(String fingerprint, Optional<String> etag) {
    /** The meaning of a cursor, to be changed together with it: one of another format counts as none. */
    private static final String FORMAT = "1";

    private static final Pattern ETAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]*\"");

    static Optional<PollCursor> parse(Cursor cursor) {
        String[] parts = cursor.state().split(" ", 3);
        if (parts.length != 3 || !parts[0].equals(FORMAT)) {
            return Optional.empty();
        }
        return Optional.of(new PollCursor(parts[1], etag(parts[2])));
    }

    /** Returns an ETag, if the text is one (RFC 9110, section 8.8.3). */
    static Optional<String> etag(String text) {
        return Optional.of(text).filter(tag -> ETAG.matcher(tag).matches());
    }

    Cursor toCursor() {
        return new Cursor(FORMAT + " " + fingerprint + " " + etag.orElse(""));
    }
}
