package dewy.launcher.man;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A text in the language of manual pages, see groff_man(7). Texts may hold Markdown's code, bold and links. */
final class Roff {
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\([^)]+\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`|\\*\\*([^*]+)\\*\\*");

    private static final int WIDTH = 80;

    private final StringBuilder text = new StringBuilder();

    Roff title(String name, String date, String version) {
        return line(".TH " + name.toUpperCase(Locale.ROOT) + " 1 " + date + " \"Dewy " + version + "\" Dewy");
    }

    Roff section(String name) {
        return line(".SH " + escaped(name.toUpperCase(Locale.ROOT)));
    }

    Roff subsection(String name) {
        return line(".SS " + escaped(name));
    }

    Roff paragraph(String words) {
        return begin().words(words);
    }

    /** Adds what is described, and its description. */
    Roff entry(String tag, String description) {
        return line(".TP").words(tag).words(description);
    }

    /** Adds lines that are shown as they are. */
    Roff verbatim(String lines) {
        begin().line(".RS 4").line(".nf");
        lines.lines().forEach(each -> line(guarded(escaped(each))));
        return line(".fi").line(".RE");
    }

    Roff words(String words) {
        String plain = LINK.matcher(words).replaceAll("$1");
        for (String each : wrapped(CODE.matcher(escaped(plain)).replaceAll("\\\\fB$1$2\\\\fR"))) {
            line(guarded(each));
        }
        return this;
    }

    /** Begins a paragraph; a section does so by itself. */
    private Roff begin() {
        String last = text.substring(text.lastIndexOf("\n", text.length() - 2) + 1);
        return last.startsWith(".S") ? this : line(".PP");
    }

    private Roff line(String line) {
        text.append(line).append('\n');
        return this;
    }

    private static List<String> wrapped(String words) {
        List<String> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String word : words.strip().split(" +", -1)) {
            if (current.length() > 0 && current.length() + word.length() >= WIDTH) {
                lines.add(current.toString());
                current.setLength(0);
            }
            current.append(current.length() == 0 ? "" : " ").append(word);
        }
        lines.add(current.toString());
        return lines;
    }

    /** Keeps a line that begins like a request from being one. */
    private static String guarded(String line) {
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }

    /** Returns a text that means itself, in ASCII: whatever reads the page need not guess its encoding. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '^' -> escaped.append("\\(ha");
                case '~' -> escaped.append("\\(ti");
                default -> escaped.append(point < 0x80 ? Character.toString(point) : String.format("\\[u%04X]", point));
            }
        });
        return escaped.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
