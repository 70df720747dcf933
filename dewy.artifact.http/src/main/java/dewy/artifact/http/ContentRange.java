package dewy.artifact.http;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Content-Range} (RFC 9110, section 14.4).
 *
 * @param start the first byte that follows; empty when none does, because the content ends before it
 * @param total how many bytes there are in all, where it is told
 */
record ContentRange(OptionalLong start, OptionalLong total) {
    private static final Pattern FORM = Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");
    private static final ContentRange UNSAID = new ContentRange(OptionalLong.empty(), OptionalLong.empty());

    /** Reads the header of an answer; one without it, or with a malformed one, says nothing. */
    static ContentRange of(Response response) {
        Matcher form = FORM.matcher(response.header("content-range").orElse(""));
        return form.matches() ? new ContentRange(number(form.group(1)), number(form.group(2))) : UNSAID;
    }

    private static OptionalLong number(String text) {
        return Optional.ofNullable(text)
                .filter(digits -> !"*".equals(digits))
                .map(digits -> OptionalLong.of(Long.parseLong(digits)))
                .orElse(OptionalLong.empty());
    }
}
