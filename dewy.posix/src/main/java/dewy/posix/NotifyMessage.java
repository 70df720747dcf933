package dewy.posix;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What sd_notify(3) sends: an assignment a line. */
final class NotifyMessage {
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Z_][A-Z0-9_]*)=([^\\p{Cntrl}]*)");

    private NotifyMessage() {}

    /** Returns the assignments of a message, of several to one name the last; nothing if it is no such message. */
    static Optional<Map<String, String>> parse(byte[] message) {
        Map<String, String> assignments = new LinkedHashMap<>();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
            for (String line : text.split("\n", -1)) {
                Matcher matcher = ASSIGNMENT.matcher(line);
                if (matcher.matches()) {
                    assignments.put(matcher.group(1), matcher.group(2));
                } else if (!line.isEmpty()) {
                    return Optional.empty();
                }
            }
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
        return assignments.isEmpty() ? Optional.empty() : Optional.of(assignments);
    }
}
