package dewy.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rows in aligned columns. */
final class Table {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        if (headings.length > 0) {
            rows.add(List.of(headings));
        }
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column));
                line.append(" ".repeat(width(column) - visible(row.get(column)) + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** Returns as much of a line as fits into so many columns. */
    static String cut(String line, int columns) {
        if (visible(line) <= columns) {
            return line;
        }
        StringBuilder cut = new StringBuilder();
        Matcher colour = COLOUR.matcher(line);
        int left = columns;
        int at = 0;
        while (at < line.length() && left > 0) {
            if (colour.region(at, line.length()).lookingAt()) {
                cut.append(colour.group());
                at = colour.end();
            } else {
                cut.append(line.charAt(at++));
                left--;
            }
        }
        return cut + (cut.indexOf("\u001b") < 0 ? "" : "\u001b[0m");
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> visible(row.get(column))).max().orElse(0);
    }

    private static int visible(String cell) {
        return COLOUR.matcher(cell).replaceAll("").length();
    }
}
