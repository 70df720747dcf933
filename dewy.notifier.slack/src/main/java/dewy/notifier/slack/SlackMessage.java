package dewy.notifier.slack;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
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
record SlackMessage(
        String channel,
        String username,
        boolean unfurlLinks,
        @Nullable String thread,
        @Nullable Boolean broadcast,
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
            String title,
            String text,
            List<Field> fields,
            String footer,
            long seconds,
            List<String> marked) {
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

        private void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("color", color);
            json.writeStringField("fallback", fallback);
            if (!title.isEmpty()) {
                json.writeStringField("title", title);
            }
            json.writeStringField("text", text);
            if (!fields.isEmpty()) {
                json.writeArrayFieldStart("fields");
                for (Field field : fields) {
                    field.write(json);
                }
                json.writeEndArray();
            }
            json.writeStringField("footer", footer);
            json.writeNumberField("ts", seconds);
            json.writeArrayFieldStart("mrkdwn_in");
            for (String name : marked) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * A detail.
     *
     * @param title what it is
     * @param value in Slack's markup
     * @param isShort whether another one fits beside it
     */
    record Field(String title, String value, boolean isShort) {
        private void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("title", title);
            json.writeStringField("value", value);
            json.writeBooleanField("short", isShort);
            json.writeEndObject();
        }
    }

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

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("channel", channel);
        json.writeStringField("username", username);
        json.writeBooleanField("unfurl_links", unfurlLinks);
        if (thread != null) {
            json.writeStringField("thread_ts", thread);
        }
        if (broadcast != null) {
            json.writeBooleanField("reply_broadcast", broadcast);
        }
        json.writeArrayFieldStart("attachments");
        for (Attachment attachment : attachments) {
            attachment.write(json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
