package dewy.store;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lines of words, whatever characters these have: how small shared texts are written, in ASCII, so that people can read them as
 * well. The first line names the format. For one thread.
 */
public final class Lines {
    private final StringBuilder text = new StringBuilder();

    /** Begins a text of a format. */
    public Lines(String format) {
        text.append(format).append('\n');
    }

    /** Adds a line. */
    public void add(Object... words) {
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(URLEncoder.encode(words[i].toString(), StandardCharsets.UTF_8));
        }
        text.append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /**
     * Reads a text.
     *
     * @param format what the first line has to be
     * @return the words of the other lines
     * @throws IllegalArgumentException if it is not of that format
     */
    public static List<List<String>> parse(String text, String format) {
        String first = text.lines().findFirst().orElse("");
        if (!first.equals(format)) {
            throw new IllegalArgumentException("it begins with \"" + first + "\", not with \"" + format + "\"");
        }
        return text.lines().skip(1).map(Lines::words).toList();
    }

    private static List<String> words(String line) {
        return Stream.of(line.split(" ", -1))
                .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
                .toList();
    }
}
