package dewy.core.version;

import java.util.List;

/**
 * A version made of numbers, with optional pre-release identifiers and build metadata. Precedence is that of Semantic
 * Versioning 2.0.0, section 11: numbers as numbers, a pre-release before its release, build metadata ignored.
 */
record NumberedVersion(List<String> numbers, List<String> preRelease, String build) implements Version {
    @Override
    public boolean isPreRelease() {
        return !preRelease.isEmpty();
    }

    @Override
    public int compareTo(Version other) {
        if (!(other instanceof NumberedVersion that)) {
            throw new IllegalArgumentException("versions of different schemes: " + this + " and " + other);
        }
        int byNumbers = compareNumbers(that);
        if (byNumbers != 0) {
            return byNumbers;
        }
        if (isPreRelease() != that.isPreRelease()) {
            return isPreRelease() ? -1 : 1;
        }
        return comparePreRelease(that);
    }

    int compareNumbers(NumberedVersion that) {
        for (int i = 0; i < Math.max(numbers.size(), that.numbers.size()); i++) {
            int order = Numeric.compare(numberAt(i), that.numberAt(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private String numberAt(int index) {
        return index < numbers.size() ? numbers.get(index) : "0";
    }

    private int comparePreRelease(NumberedVersion that) {
        for (int i = 0; i < Math.min(preRelease.size(), that.preRelease.size()); i++) {
            int order = compareIdentifiers(preRelease.get(i), that.preRelease.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(preRelease.size(), that.preRelease.size());
    }

    private static int compareIdentifiers(String left, String right) {
        boolean leftNumeric = Numeric.isNumeric(left);
        boolean rightNumeric = Numeric.isNumeric(right);
        if (leftNumeric && rightNumeric) {
            return Numeric.compare(left, right);
        }
        if (leftNumeric != rightNumeric) {
            return leftNumeric ? -1 : 1;
        }
        return left.compareTo(right);
    }
}
