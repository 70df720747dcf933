package dewy.api.store;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What is too long for a store, or cannot be written in it. */
final class Limits {
    private Limits() {}

    static void requireKey(String key) {
        requireLength("key", key, Store.LONGEST_KEY);
        if (key.isEmpty() || key.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a key is not empty, and has no control characters: \"" + key + "\"");
        }
    }

    static void requireValue(String value) {
        requireLength("value", value, Store.LONGEST_VALUE);
    }

    static void requireTime(Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(Store.LONGEST_TIME) > 0) {
            throw new IllegalArgumentException("a time is positive, and at most " + Store.LONGEST_TIME + ": " + time);
        }
    }

    private static void requireLength(String what, String text, int most) {
        int length;
        try {
            length = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a " + what + " with half a character cannot be written", e);
        }
        if (length > most) {
            throw new IllegalArgumentException("a " + what + " has at most " + most + " bytes, not " + length);
        }
    }
}
