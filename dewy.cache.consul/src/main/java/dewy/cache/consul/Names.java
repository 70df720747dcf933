package dewy.cache.consul;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes any text as a part of a key that goes through URLs as it is: what is no letter, digit or one of {@code . _ -} as {@code =}
 * and two hexadecimal digits a byte. So a text begins with another one if what is written does.
 */
final class Names {
    /** Comes first, so that nothing is empty or made of dots alone. */
    private static final String FIRST = "k-";

    private static final Pattern ENCODED = Pattern.compile(FIRST + "([A-Za-z0-9._-]|=[0-9A-F]{2})*");

    private Names() {}

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(FIRST);
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (each & 0xff);
            boolean plain = letter < 128 && (Character.isLetterOrDigit(letter) || "._-".indexOf(letter) >= 0);
            if (plain) {
                encoded.append(letter);
            } else {
                encoded.append(String.format("=%02X", (int) letter));
            }
        }
        return encoded.toString();
    }

    /** Returns what was written so; empty for what somebody else wrote. */
    static Optional<String> decode(String encoded) {
        if (!ENCODED.matcher(encoded).matches()) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = FIRST.length(); i < encoded.length(); i++) {
            if (encoded.charAt(i) == '=') {
                bytes.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(encoded.charAt(i));
            }
        }
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }
}
