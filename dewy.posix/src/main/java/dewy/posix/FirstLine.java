package dewy.posix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The first line of a script, by which the system finds what runs it, as execve(2) describes.
 *
 * @param interpreter what runs it; with the carriage return behind it, if there is one
 * @param argument all that follows, which is one argument; empty when nothing does
 */
record FirstLine(String interpreter, String argument) {
    /** The system looks no further. */
    private static final int LONGEST = 256;

    /** Reads the first line of a file, if it is a script's. */
    static Optional<FirstLine> of(Path file) throws IOException {
        String start;
        try (InputStream in = Files.newInputStream(file)) {
            start = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        }
        if (!start.startsWith("#!")) {
            return Optional.empty();
        }
        String[] words = start.substring(2)
                .split("[\n\0]", 2)[0]
                .replaceAll("^[ \t]+|[ \t]+$", "")
                .split("[ \t]+", 2);
        return Optional.of(new FirstLine(words[0], words.length == 2 ? words[1] : ""));
    }

    /** Returns what env(1) is to look for, if the line leaves the choice to it; with its carriage return as well. */
    Optional<String> wantedOfEnv() {
        if (!interpreter.endsWith("/env") || argument.isEmpty()) {
            return Optional.empty();
        }
        boolean splits = argument.matches("(?s)(-S|--split-string).*");
        String rest = splits ? argument.replaceFirst("^(-S|--split-string=?)\\s*", "") : argument;
        return Arrays.stream(splits ? rest.split("\\s+", -1) : new String[] {rest})
                .filter(word -> !word.contains("="))
                .findFirst()
                .filter(word -> !word.startsWith("-"));
    }
}
