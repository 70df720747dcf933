package dewy.launcher.cli;

import java.util.ArrayList;
import java.util.List;

/** The text beside an option in its help, in lines that picocli need not break: it would do so within values and URLs. */
final class HelpText {
    /** What is left of a line beside the longest option. */
    private static final int WIDTH = 50;

    private static final String INDENTATION = "  ";

    private HelpText() {}

    /** Returns the lines of a text. */
    static String[] lines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String part : parts(text)) {
            if (!line.isEmpty() && line.length() + 1 + part.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(INDENTATION).append(part);
            } else {
                line.append(line.isEmpty() ? "" : " ").append(part);
            }
        }
        lines.add(line.toString());
        return lines.toArray(String[]::new);
    }

    /** Returns the words, with what belongs to one left together: a default and its label, the bounds of a range. */
    private static List<String> parts(String text) {
        return List.of(text.split("(?<!\\(default:) (?!<)", -1));
    }
}
