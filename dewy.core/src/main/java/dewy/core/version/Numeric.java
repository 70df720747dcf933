package dewy.core.version;

/** Numbers of any length, kept as they were written. */
final class Numeric {
    private Numeric() {}

    static boolean isNumeric(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static int compare(String left, String right) {
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
