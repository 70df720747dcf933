package dewy.notifier.slack;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is posted: the arguments of {@code chat.postMessage}.
 *
 * @param channel where to
 * @param thread the thread it replies in, as the {@code ts} of the thread's first message; null outside of threads
 * @param broadcast whether a reply is shown in the channel too; null outside of threads
 * @param attachments what it says
 */
@JsonInclude(Include.NON_NULL)
record SlackMessage(
        String channel,
        String username,
        @JsonProperty("unfurl_links") boolean unfurlLinks,
        @JsonProperty("thread_ts") @Nullable String thread,
        @JsonProperty("reply_broadcast") @Nullable Boolean broadcast,
        List<Attachment> attachments) {
    /**
     * The coloured part of a message, as in Slack's "secondary message attachments".
     *
     * @param color of the bar beside it, as {@code #rrggbb}
     * @param fallback one plain line, shown where there is no room for more
     * @param title its heading; may be empty
     * @param text its body, in Slack's markup
     * @param fields more details
     * @param footer the line below it
     * @param seconds when it happened, since 1970
     * @param marked what of it is in Slack's markup
     */
    record Attachment(
            String color,
            String fallback,
            @JsonInclude(Include.NON_EMPTY) String title,
            String text,
            @JsonInclude(Include.NON_EMPTY) List<Field> fields,
            String footer,
            @JsonProperty("ts") long seconds,
            @JsonProperty("mrkdwn_in") List<String> marked) {
        static Attachment of(
                String color,
                String fallback,
                String title,
                String text,
                List<Field> fields,
                String footer,
                Instant time) {
            List<String> marked = List.of("text", "fields");
            return new Attachment(color, fallback, title, text, fields, footer, time.getEpochSecond(), marked);
        }
    }

    /**
     * A detail.
     *
     * @param title what it is
     * @param value in Slack's markup
     * @param isShort whether another one fits beside it
     */
    record Field(String title, String value, @JsonProperty("short") boolean isShort) {}

    static SlackMessage of(String channel, Optional<String> thread, boolean broadcast, Attachment attachment) {
        return new SlackMessage(
                channel,
                "Dewy",
                false,
                thread.orElse(null),
                thread.isPresent() ? broadcast : null,
                List.of(attachment));
    }

    boolean isReply() {
        return thread != null;
    }

    SlackMessage outsideThread() {
        return new SlackMessage(channel, username, unfurlLinks, null, null, attachments);
    }
}
