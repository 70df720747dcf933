package dewy.registry.gcs;

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
 * @param versions what the list of the versions looked like
 * @param completed what those looked like that were looked into since it is as it is
 */
record PollCursor(String versions, Map<String, String> completed) {
    /** The meaning of a cursor, to be changed together with it: one of another format counts as none. */
    private static final String FORMAT = "1";

    static Optional<PollCursor> parse(Cursor cursor) {
        String[] parts = cursor.state().split(" ", -1);
        if (parts.length < 2 || !parts[0].equals(FORMAT)) {
            return Optional.empty();
        }
        Map<String, String> completed = new LinkedHashMap<>();
        try {
            for (int i = 2; i < parts.length; i++) {
                int equals = parts[i].lastIndexOf('=');
                String tag = URLDecoder.decode(parts[i].substring(0, equals), StandardCharsets.UTF_8);
                completed.put(tag, parts[i].substring(equals + 1));
            }
            return Optional.of(new PollCursor(parts[1], completed));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    Cursor toCursor() {
        StringBuilder state = new StringBuilder(FORMAT).append(' ').append(versions);
        completed.forEach((tag, fingerprint) -> state.append(' ')
                .append(URLEncoder.encode(tag, StandardCharsets.UTF_8))
                .append('=')
                .append(fingerprint));
        return new Cursor(state.toString());
    }
}
