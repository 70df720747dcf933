package dewy.core.version;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calendar versions in a format of the user's, such as {@code YYYY.0M.MICRO}, with the tokens of calver.org, an optional
 * {@code v} in front, and the pre-release and build suffixes of Semantic Versioning.
 */
public final class CalendarVersions implements VersionScheme {
    private static final Map<String, String> TOKENS = Map.ofEntries(
            Map.entry("YYYY", "[1-9]\\d{3}"),
            Map.entry("YY", "0|[1-9]\\d{0,2}"),
            Map.entry("0Y", "\\d{2,3}"),
            Map.entry("MM", "[1-9]|1[0-2]"),
            Map.entry("0M", "0[1-9]|1[0-2]"),
            Map.entry("WW", "\\d|[1-4]\\d|5[0-3]"),
            Map.entry("0W", "[0-4]\\d|5[0-3]"),
            Map.entry("DD", "[1-9]|[12]\\d|3[01]"),
            Map.entry("0D", "0[1-9]|[12]\\d|3[01]"),
            Map.entry("MAJOR", "\\d+"),
            Map.entry("MINOR", "\\d+"),
            Map.entry("MICRO", "\\d+"));
    private static final Pattern TOKEN = Pattern.compile("YYYY|YY|0Y|MM|0M|WW|0W|DD|0D|MAJOR|MINOR|MICRO");

    private final String format;
    private final Pattern pattern;
    private final int tokens;

    private CalendarVersions(String format, Pattern pattern, int tokens) {
        this.format = format;
        this.pattern = pattern;
        this.tokens = tokens;
    }

    /**
     * Returns the scheme of a format.
     *
     * @throws InvalidException if the format holds no token, or letters that are none
     */
    public static CalendarVersions of(String format) throws InvalidException {
        StringBuilder regex = new StringBuilder("[vV]?");
        Matcher matcher = TOKEN.matcher(format);
        int end = 0;
        int tokens = 0;
        while (matcher.find()) {
            regex.append(separator(format, format.substring(end, matcher.start())));
            regex.append('(').append(TOKENS.get(matcher.group())).append(')');
            end = matcher.end();
            tokens++;
        }
        regex.append(separator(format, format.substring(end)));
        if (tokens == 0) {
            throw invalid(format, "it holds no token");
        }
        regex.append("(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z.-]+))?");
        return new CalendarVersions(format, Pattern.compile(regex.toString()), tokens);
    }

    @Override
    public String form() {
        return "a version of the form " + format;
    }

    @Override
    public Optional<Version> parse(String tag) {
        Matcher matcher = pattern.matcher(tag);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        List<String> numbers = new ArrayList<>();
        for (int token = 1; token <= tokens; token++) {
            numbers.add(matcher.group(token));
        }
        String preRelease = matcher.group(tokens + 1);
        String build = matcher.group(tokens + 2);
        return Optional.of(new NumberedVersion(
                List.copyOf(numbers),
                preRelease == null ? List.of() : List.of(preRelease.split("\\.", -1)),
                build == null ? "" : build));
    }

    @Override
    public VersionConstraint constraint(String text) throws InvalidException {
        return new ConstraintReader(text, tokens, true).read();
    }

    private static String separator(String format, String text) throws InvalidException {
        if (text.chars().anyMatch(Character::isLetterOrDigit)) {
            throw invalid(format, "\"" + text + "\" is no token");
        }
        return Pattern.quote(text);
    }

    private static InvalidException invalid(String format, String why) {
        return new InvalidException(Problem.of(
                "use the calendar format",
                "\"" + format + "\"",
                why,
                "Put it together from YYYY YY 0Y MM 0M WW 0W DD 0D MAJOR MINOR MICRO, as in YYYY.0M.MICRO"));
    }
}
