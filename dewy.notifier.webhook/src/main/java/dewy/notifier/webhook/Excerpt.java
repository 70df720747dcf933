package dewy.notifier.webhook;

/** Text of others, cut to what a message may hold, with a note of how much is missing. Lengths are in UTF-16 units. */
final class Excerpt {
    /** How much longer than its limit a text may become by the note. */
    static final int NOTE = 40;

    private Excerpt() {}

    /** Returns the beginning of a text. */
    static String beginning(String text, int limit) {
        String all = visible(text);
        if (all.length() <= limit) {
            return all;
        }
        int end = onBoundary(all, limit);
        return all.substring(0, end) + "… (" + (all.length() - end) + " more characters)";
    }

    /** Returns the end of what a command wrote, where the reason of a failure is. */
    static String end(String output, int limit) {
        String all = visible(output).stripTrailing();
        if (all.length() <= limit) {
            return all;
        }
        int start = onBoundary(all, all.length() - limit);
        return "… (" + start + " characters before)\n" + all.substring(start);
    }

    /** Returns a block of literal text, as many services know it. */
    static String code(String text) {
        return "```\n" + text.replace("```", "`\u200b`\u200b`") + "\n```";
    }

    private static String visible(String text) {
        return text.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\ufffd");
    }

    private static int onBoundary(String text, int index) {
        boolean splits =
                Character.isLowSurrogate(text.charAt(index)) && Character.isHighSurrogate(text.charAt(index - 1));
        return splits ? index - 1 : index;
    }
}
