package dewy.core.version;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Semantic Versioning 2.0.0, with an optional {@code v} in front. */
public final class SemanticVersions implements VersionScheme {
    static final int NUMBERS = 3;

    private static final String NUMBER = "(0|[1-9]\\d*)";
    private static final String PRE_RELEASE_IDENTIFIER = "(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)";
    private static final Pattern VERSION = Pattern.compile("[vV]?" + NUMBER + "\\." + NUMBER + "\\." + NUMBER
            + "(?:-(" + PRE_RELEASE_IDENTIFIER + "(?:\\." + PRE_RELEASE_IDENTIFIER + ")*))?"
            + "(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");

    @Override
    public Optional<Version> parse(String tag) {
        Matcher matcher = VERSION.matcher(tag);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<String> numbers = List.of(matcher.group(1), matcher.group(2), matcher.group(3));
        String preRelease = matcher.group(4);
        String build = matcher.group(5);
        return Optional.of(new NumberedVersion(
                numbers,
                preRelease == null ? List.of() : List.of(preRelease.split("\\.", -1)),
                build == null ? "" : build));
    }
}
