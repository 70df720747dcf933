package dewy.registry.github;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Content-Range} (RFC 9110, section 14.4).
 *
 * @param start the first byte that follows
 * @param end the last byte that follows
 * @param total how many there are in all, where it is told
 */
record ContentRange(long start, long end, OptionalLong total) {
    private static final Pattern FORM = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    static Optional<ContentRange> parse(String header) {
        Matcher form = FORM.matcher(header.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        OptionalLong total =
                form.group(3).equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(form.group(3)));
        return Optional.of(new ContentRange(Long.parseLong(form.group(1)), Long.parseLong(form.group(2)), total));
    }
}
