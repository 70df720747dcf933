package dewy.core.version;

import dewy.core.version.VersionConstraint.Bound;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/**
 * A version as constraints name it, of which the last numbers may be left open. A version that is left open stands for
 * all that begin with it, pre-releases of the first one included; the bound before the next one leaves out the
 * pre-releases of that.
 *
 * @param numbers those that are given
 * @param preRelease the identifiers of a pre-release
 * @param isWhole whether all numbers are given
 */
record PartialVersion(List<String> numbers, List<String> preRelease, boolean isWhole) {
    private static final List<String> LOWEST = List.of("0");

    /** Returns the bounds that an operator makes of this. */
    List<Bound> bounds(String operator) {
        int last = numbers.size() - 1;
        if (numbers.isEmpty()) {
            boolean excludesAll = "<".equals(operator) || ">".equals(operator);
            return excludesAll ? List.of(Bound.below(first(List.of("0")))) : List.of();
        }
        return switch (operator) {
            case "^" -> List.of(Bound.atLeast(begin()), Bound.below(after(firstThatCounts())));
            case "~", "~>" -> List.of(Bound.atLeast(begin()), Bound.below(after(Math.min(1, last))));
            case ">=" -> List.of(Bound.atLeast(begin()));
            case "<" -> List.of(Bound.below(begin()));
            case ">" -> List.of(isWhole ? Bound.above(begin()) : Bound.atLeast(after(last)));
            case "<=" -> List.of(end());
            default -> List.of(Bound.atLeast(begin()), end());
        };
    }

    /** Returns the bounds of all from this version to another, both included. */
    List<Bound> to(PartialVersion other) {
        Stream<Bound> from = numbers.isEmpty()
                ? Stream.of()
                : Stream.of(Bound.atLeast(preRelease.isEmpty() ? first(numbers) : begin()));
        Stream<Bound> to = other.numbers.isEmpty()
                ? Stream.of()
                : Stream.of(
                        other.preRelease.isEmpty()
                                ? Bound.below(other.after(other.numbers.size() - 1))
                                : Bound.atMost(other.begin()));
        return Stream.concat(from, to).toList();
    }

    private NumberedVersion begin() {
        return isWhole ? new NumberedVersion(numbers, preRelease, "") : first(numbers);
    }

    private Bound end() {
        return isWhole ? Bound.atMost(begin()) : Bound.below(after(numbers.size() - 1));
    }

    /** In 0.3.1 it is the 3: before 1.0 every minor version may break what was. */
    private int firstThatCounts() {
        int index = 0;
        while (index < numbers.size() - 1 && new BigInteger(numbers.get(index)).signum() == 0) {
            index++;
        }
        return index;
    }

    private NumberedVersion after(int index) {
        String next = new BigInteger(numbers.get(index)).add(BigInteger.ONE).toString();
        return first(
                Stream.concat(numbers.stream().limit(index), Stream.of(next)).toList());
    }

    /** Returns what comes before all other versions with these numbers. */
    private static NumberedVersion first(List<String> numbers) {
        return new NumberedVersion(numbers, LOWEST, "");
    }
}
