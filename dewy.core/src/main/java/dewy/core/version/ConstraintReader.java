package dewy.core.version;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.core.version.VersionConstraint.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Reads a constraint:
 *
 * <pre>
 * constraint   range { "||" range }
 * range        [ version " - " version | term { [ "," ] term } ]
 * term         [ "^" | "~" | "~>" | "&lt;" | "&lt;=" | ">" | ">=" | "=" ] version
 * version      [ "v" | "=" ] number { "." number } [ "-" identifiers ] [ "+" identifiers ]
 * number       digits | "x" | "X" | "*"
 * </pre>
 */
final class ConstraintReader {
    private static final List<String> OPERATORS = List.of("~>", ">=", "<=", "^", "~", ">", "<", "=");
    private static final List<String> WILDCARDS = List.of("x", "X", "*");

    private final String text;
    private final int parts;
    private final boolean padded;
    private int at;

    /**
     * Begins to read.
     *
     * @param parts of how many numbers a version is made
     * @param padded whether its numbers may begin with zeros
     */
    ConstraintReader(String text, int parts, boolean padded) {
        this.text = text;
        this.parts = parts;
        this.padded = padded;
    }

    VersionConstraint read() throws InvalidException {
        List<List<Bound>> alternatives = new ArrayList<>();
        do {
            alternatives.add(range());
        } while (accept("||"));
        return new VersionConstraint(text.strip(), List.copyOf(alternatives));
    }

    private List<Bound> range() throws InvalidException {
        List<Bound> bounds = new ArrayList<>();
        skipSpaces();
        while (!isEnd()) {
            int begin = at;
            String operator = operator();
            PartialVersion version = version();
            boolean spaced = skipSpaces();
            if (spaced && isHyphen()) {
                if (!operator.isEmpty() || !bounds.isEmpty()) {
                    throw wrong(begin, "only a single version without an operator can stand in front of \" - \"");
                }
                at++;
                skipSpaces();
                bounds.addAll(version.to(version()));
                skipSpaces();
                if (!isEnd()) {
                    throw wrong(at, "nothing can follow a range with \" - \" but \"||\"");
                }
                return bounds;
            }
            bounds.addAll(version.bounds(operator));
            boolean comma = accept(",");
            skipSpaces();
            if (comma && isEnd()) {
                throw wrong(at, "a version is missing behind the comma");
            }
        }
        return bounds;
    }

    private boolean isEnd() {
        return at == text.length() || text.startsWith("||", at);
    }

    private boolean isHyphen() {
        return text.startsWith("- ", at);
    }

    private String operator() {
        for (String operator : OPERATORS) {
            if (accept(operator)) {
                return operator;
            }
        }
        return "";
    }

    private PartialVersion version() throws InvalidException {
        skip(c -> c == 'v' || c == '=' || Character.isWhitespace(c));
        int begin = at;
        List<String> numbers = new ArrayList<>();
        int read = 0;
        do {
            boolean open = read > numbers.size();
            if (WILDCARDS.stream().noneMatch(this::accept)) {
                String number = number();
                if (open) {
                    throw wrong(begin, "a number stands behind one that is left open");
                }
                numbers.add(number);
            }
            read++;
        } while (accept("."));
        if (read > parts) {
            throw wrong(begin, "a version has " + parts + " numbers, not " + read);
        }
        List<String> preRelease = read == parts && accept("-") ? identifiers() : List.of();
        if (accept("+")) {
            identifiers();
        }
        if (!isEnd() && ", \t".indexOf(text.charAt(at)) < 0) {
            throw wrong(at, "this cannot follow a version");
        }
        boolean isWhole = numbers.size() == parts;
        return new PartialVersion(List.copyOf(numbers), isWhole ? preRelease : List.of(), isWhole);
    }

    private String number() throws InvalidException {
        int begin = at;
        skip(Character::isDigit);
        String number = text.substring(begin, at);
        if (number.isEmpty()) {
            throw wrong(begin, "a number is missing");
        }
        if (!padded && number.length() > 1 && number.startsWith("0")) {
            throw wrong(begin, "a number begins with 0");
        }
        return number;
    }

    private List<String> identifiers() throws InvalidException {
        List<String> identifiers = new ArrayList<>();
        do {
            int begin = at;
            skip(c -> c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
            if (begin == at) {
                throw wrong(at, "an identifier is missing");
            }
            identifiers.add(text.substring(begin, at));
        } while (accept("."));
        return List.copyOf(identifiers);
    }

    private boolean accept(String expected) {
        boolean there = text.startsWith(expected, at);
        at += there ? expected.length() : 0;
        return there;
    }

    private boolean skipSpaces() {
        int begin = at;
        skip(Character::isWhitespace);
        return at > begin;
    }

    private void skip(IntPredicate characters) {
        while (at < text.length() && characters.test(text.charAt(at))) {
            at++;
        }
    }

    private InvalidException wrong(int position, String why) {
        String where = position < text.length() ? "at \"" + text.substring(position) + "\", " : "at its end, ";
        return new InvalidException(Problem.of(
                "use the constraint",
                "\"" + text + "\"",
                where + why,
                "Write ~1.4, ^2, 1.x, \">=1.2 <2\", \"1.2 - 1.4\" or 1.2.3"));
    }
}
