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
            int order = compareNumbers(numberAt(i), that.numberAt(i));
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
        boolean leftNumeric = isNumber(left);
        boolean rightNumeric = isNumber(right);
        if (leftNumeric && rightNumeric) {
            return compareNumbers(left, right);
        }
        if (leftNumeric != rightNumeric) {
            return leftNumeric ? -1 : 1;
        }
        return left.compareTo(right);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Compares numbers of any length, as they were written. */
    private static int compareNumbers(String left, String right) {
        String a = withoutZeros(left);
        String b = withoutZeros(right);
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }

    private static String withoutZeros(String digits) {
        int start = 0;
        while (start < digits.length() - 1 && digits.charAt(start) == '0') {
            start++;
        }
        return digits.substring(start);
    }
}
