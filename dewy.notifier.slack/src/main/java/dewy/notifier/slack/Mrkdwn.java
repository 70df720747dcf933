package dewy.notifier.slack;

import java.net.URI;

/** Slack's markup. Text of others is escaped, so that it can neither link nor call anybody. */
final class Mrkdwn {
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
}
