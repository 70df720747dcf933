package dewy.proxy.caddy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of the version of a program, by which it is known what that can do. */
record Version(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("v?(\\d+)\\.(\\d+)\\b.*", Pattern.DOTALL);

    /** Returns the version of which a text tells; empty for what somebody built without one. */
    static Optional<Version> parse(String text) {
        Matcher numbers = NUMBERS.matcher(text.strip());
        return numbers.matches()
                ? Optional.of(new Version(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))))
                : Optional.empty();
    }

    boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
