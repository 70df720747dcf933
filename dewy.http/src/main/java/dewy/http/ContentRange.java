package dewy.http;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of something an answer has (RFC 9110, section 14.4).
 *
 * @param start at which byte it begins; empty where it has nothing of it
 * @param total how long the whole is, if that is told
 */
public record ContentRange(OptionalLong start, OptionalLong total) {
    /** That of an answer which does not tell it. */
    public static final ContentRange UNKNOWN = new ContentRange(OptionalLong.empty(), OptionalLong.empty());

    private static final Pattern BYTES = Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

    static Optional<ContentRange> parse(String header) {
        Matcher range = BYTES.matcher(header);
        return range.matches()
                ? Optional.of(new ContentRange(number(range.group(1)), number(range.group(2))))
                : Optional.empty();
    }

    private static OptionalLong number(@Nullable String text) {
        return text == null || text.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }
}
