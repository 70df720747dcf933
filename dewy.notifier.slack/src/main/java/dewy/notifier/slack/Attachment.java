package dewy.notifier.slack;

import java.time.Instant;
import java.util.List;

/**
 * The coloured part of a message, as in Slack's "secondary message attachments".
 *
 * @param color of the bar beside it, as {@code #rrggbb}
 * @param fallback one plain line, shown where there is no room for more
 * @param title its heading; may be empty
 * @param text its body, in Slack's markup
 * @param fields more details
 * @param footer the line below it
 * @param time when it happened
 */
record Attachment(
        String color, String fallback, String title, String text, List<Field> fields, String footer, Instant time) {
    /**
     * A detail.
     *
     * @param title what it is
     * @param value in Slack's markup
     * @param isShort whether another one fits beside it
     */
    record Field(String title, String value, boolean isShort) {}
}
