package dewy.registry.oci;

import dewy.api.registry.Cursor;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a poll ended.
 *
 * @param tags what the list of tags looked like
 * @param etag what that is known by, where the registry tells it
 * @param completed what those tags pointed to that were looked at since the list is as it is
 */
record PollCursor(String tags, Optional<String> etag, Map<String, String> completed) {
    /** The meaning of a cursor, to be changed together with it: one of another format counts as none. */
    private static final String FORMAT = "1";

    private static final String ETAG = "(W/)?\"[\\x21\\x23-\\x7e]*\"";

    static Optional<PollCursor> parse(Cursor cursor) {
        String[] parts = cursor.state().split(" ", -1);
        if (parts.length < 3 || !parts[0].equals(FORMAT)) {
            return Optional.empty();
        }
        Map<String, String> completed = new LinkedHashMap<>();
        try {
            for (int i = 3; i < parts.length; i++) {
                int equals = parts[i].indexOf('='); // No tag has one.
                completed.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
            }
            Optional<String> etag = Optional.of(URLDecoder.decode(parts[2], StandardCharsets.UTF_8))
                    .filter(text -> text.matches(ETAG));
            return Optional.of(new PollCursor(parts[1], etag, completed));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    Cursor toCursor() {
        StringBuilder state = new StringBuilder(FORMAT + " " + tags + " ");
        state.append(URLEncoder.encode(etag.orElse(""), StandardCharsets.UTF_8));
        completed.forEach(
                (tag, digest) -> state.append(' ').append(tag).append('=').append(digest));
        return new Cursor(state.toString());
    }
}
