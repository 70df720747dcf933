package dewy.core.version;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which versions are wanted, in the notation of npm and Cargo: {@code ~1.4} (1.4 and its patches), {@code ^2} (2.0.0 and
 * all up to 3), {@code 1.x}, {@code >=1.2 <2}, {@code 1.2.3}, and several of these with {@code ||} between them. The
 * pre-releases of an excluded upper bound are excluded too.
 */
public final class VersionConstraint {
    private static final String PART = "(?:\\d+|[xX*])";
    private static final Pattern TERM = Pattern.compile("(?<operator>[~^]|[<>]=?|=)?\\s*[vV]?(?<numbers>" + PART
            + "(?:\\." + PART + ")*)" + "(?:-(?<pre>[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");
    private static final int PARTS = 3;

    private enum Relation {
        AT_LEAST,
        ABOVE,
        AT_MOST,
        BELOW
    }

    private record Bound(Relation relation, NumberedVersion limit) {
        boolean admits(NumberedVersion version) {
            return switch (relation) {
                case AT_LEAST -> version.compareTo(limit) >= 0;
                case ABOVE -> version.compareTo(limit) > 0;
                case AT_MOST -> version.compareTo(limit) <= 0;
                case BELOW -> limit.isPreRelease() ? version.compareTo(limit) < 0 : version.compareNumbers(limit) < 0;
            };
        }
    }

    private final String text;
    private final List<List<Bound>> alternatives;

    private VersionConstraint(String text, List<List<Bound>> alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /**
     * Reads a constraint.
     *
     * @throws InvalidException if a part of it is none
     */
    public static VersionConstraint parse(String text) throws InvalidException {
        List<List<Bound>> alternatives = new ArrayList<>();
        for (String alternative : text.split("\\|\\|", -1)) {
            alternatives.add(bounds(text, alternative.strip()));
        }
        return new VersionConstraint(text.strip(), List.copyOf(alternatives));
    }

    /** Returns whether a version is wanted. */
    public boolean admits(Version version) {
        return version instanceof NumberedVersion numbered
                && alternatives.stream().anyMatch(bounds -> bounds.stream().allMatch(bound -> bound.admits(numbered)));
    }

    /** Returns it as it was written. */
    @Override
    public String toString() {
        return text;
    }

    private static List<Bound> bounds(String text, String alternative) throws InvalidException {
        List<Bound> bounds = new ArrayList<>();
        // A space or a comma stands between terms, but not between an operator and its version.
        for (String term : alternative.split("(?<![<>=~^\\s])(?:\\s*,\\s*|\\s+)", -1)) {
            Matcher matcher = TERM.matcher(term);
            if (!matcher.matches()) {
                throw invalid(text, term);
            }
            bounds.addAll(bounds(text, term, matcher));
        }
        return bounds;
    }

    private static List<Bound> bounds(String text, String term, Matcher matcher) throws InvalidException {
        String[] parts = matcher.group("numbers").split("\\.", -1);
        List<String> numbers = Arrays.stream(parts)
                .takeWhile(part -> Character.isDigit(part.charAt(0)))
                .toList();
        boolean sound = Arrays.stream(parts).skip(numbers.size()).noneMatch(part -> Character.isDigit(part.charAt(0)));
        if (!sound) {
            throw invalid(text, term);
        }
        String operator = matcher.group("operator") == null ? "=" : matcher.group("operator");
        if (numbers.isEmpty()) {
            return List.of();
        }
        List<String> preRelease = matcher.group("pre") == null
                ? List.of()
                : List.of(matcher.group("pre").split("\\.", -1));
        return bounds(operator, numbers, new NumberedVersion(numbers, preRelease, ""));
    }

    private static List<Bound> bounds(String operator, List<String> numbers, NumberedVersion version) {
        boolean whole = numbers.size() >= PARTS;
        int last = numbers.size() - 1;
        return switch (operator) {
            case "^" -> range(version, after(numbers, firstThatCounts(numbers)));
            case "~" -> range(version, after(numbers, Math.min(1, last)));
            case ">=" -> List.of(new Bound(Relation.AT_LEAST, version));
            case "<" -> List.of(new Bound(Relation.BELOW, version));
            case ">" ->
                List.of(
                        whole
                                ? new Bound(Relation.ABOVE, version)
                                : new Bound(Relation.AT_LEAST, after(numbers, last)));
            case "<=" ->
                List.of(whole ? new Bound(Relation.AT_MOST, version) : new Bound(Relation.BELOW, after(numbers, last)));
            default ->
                whole
                        ? List.of(new Bound(Relation.AT_LEAST, version), new Bound(Relation.AT_MOST, version))
                        : range(version, after(numbers, last));
        };
    }

    private static List<Bound> range(NumberedVersion from, NumberedVersion to) {
        return List.of(new Bound(Relation.AT_LEAST, from), new Bound(Relation.BELOW, to));
    }

    /** In 0.3.1 it is the 3: before 1.0 every minor version may break what was. */
    private static int firstThatCounts(List<String> numbers) {
        int index = 0;
        while (index < numbers.size() - 1 && new BigInteger(numbers.get(index)).signum() == 0) {
            index++;
        }
        return index;
    }

    private static NumberedVersion after(List<String> numbers, int index) {
        String next = new BigInteger(numbers.get(index)).add(BigInteger.ONE).toString();
        List<String> limit =
                Stream.concat(numbers.stream().limit(index), Stream.of(next)).collect(Collectors.toList());
        return new NumberedVersion(limit, List.of(), "");
    }

    private static InvalidException invalid(String text, String term) {
        return new InvalidException(Problem.of(
                "use the constraint",
                "\"" + text + "\"",
                "\"" + term + "\" is no version",
                "Write ~1.4, ^2, 1.x, \">=1.2 <2\" or 1.2.3"));
    }
}
