package dewy.notifier.slack;

import java.net.URI;

/**
 * Slack's markup. Text of others is escaped, so that it can neither link nor call anybody, and long text is cut to what a
 * message may hold, with a note of how much is missing. Lengths are in UTF-16 units.
 */
final class Mrkdwn {
    private static final int LINES = 50;

    private Mrkdwn() {}

    /** Returns text that shows as it is written. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Returns a block of literal text. */
    static String code(String text) {
        String unbroken = text.replace("```", "`\u200b`\u200b`");
        return "```\n" + escape(unbroken) + "\n```";
    }

    /** Returns a link; its words end at a bar or an angle bracket. */
    static String link(URI target, String words) {
        String address = target.toASCIIString().replace("|", "%7C").replace("&", "&amp;");
        return "<" + address + "|" + escape(words.replace("|", "¦")) + ">";
    }

    /** Returns the beginning of a text. */
    static String beginning(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = onBoundary(text, limit);
        return text.substring(0, end) + "\n… (" + (text.length() - end) + " more characters)";
    }

    /** Returns the end of what a command wrote, where the reason of a failure is: whole lines where that is possible. */
    static String end(String output, int limit) {
        int start = Math.max(startOfLastLines(output), output.length() - limit);
        if (start == 0) {
            return output;
        }
        int line = output.indexOf('\n', start - 1) + 1;
        int cut = line > 0 && line < output.length() && line - start < limit / 2 ? line : onBoundary(output, start);
        return "… (" + cut + " characters before)\n" + output.substring(cut);
    }

    private static int startOfLastLines(String output) {
        int start = output.length();
        for (int line = 0; line < LINES && start >= 0; line++) {
            start = output.lastIndexOf('\n', start - 1);
        }
        return start < 0 ? 0 : start + 1;
    }

    private static int onBoundary(String text, int index) {
        boolean splits =
                Character.isLowSurrogate(text.charAt(index)) && Character.isHighSurrogate(text.charAt(index - 1));
        return splits ? index - 1 : index;
    }
}
