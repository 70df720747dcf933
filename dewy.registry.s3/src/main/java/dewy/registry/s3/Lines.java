package dewy.registry.s3;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of words, whatever characters these have: how small shared objects are written, so that people can read them as
 * well. The first line names the format.
 */
final class Lines {
    private final StringBuilder text = new StringBuilder();

    void add(Object... words) {
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(URLEncoder.encode(words[i].toString(), StandardCharsets.UTF_8));
        }
        text.append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** Understands a line. */
    interface Reader {
        /** Reads its words; throws {@link IllegalArgumentException} if they are not what they should be. */
        void read(List<String> words);
    }

    /**
     * Reads a text line by line.
     *
     * @param format what the first line has to be
     * @throws InvalidException if it is not of that format
     */
    static void read(String text, String format, Location location, Reader reader) throws InvalidException {
        List<String> lines = text.lines().toList();
        try {
            if (!lines.get(0).equals(format)) {
                throw new IllegalArgumentException(
                        "it begins with \"" + lines.get(0) + "\", not with \"" + format + "\"");
            }
            for (String line : lines.subList(1, lines.size())) {
                List<String> words = new ArrayList<>();
                for (String word : line.split(" ", -1)) {
                    words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
                }
                reader.read(words);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            String why = "it is not what this version of Dewy writes: " + e.getMessage();
            throw new InvalidException(
                    Problem.of("understand what is at", location, why, "Name another prefix, or delete it there"), e);
        }
    }
}
