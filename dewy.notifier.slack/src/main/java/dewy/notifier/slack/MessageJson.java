package dewy.notifier.slack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes a message as the arguments of {@code chat.postMessage}. */
final class MessageJson {
    private static final JsonFactory JSON = new JsonFactory();

    private MessageJson() {}

    static byte[] write(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("channel", message.channel());
            json.writeStringField("username", "Dewy");
            json.writeBooleanField("unfurl_links", false);
            if (message.thread().isPresent()) {
                json.writeStringField("thread_ts", message.thread().get());
                json.writeBooleanField("reply_broadcast", message.broadcast());
            }
            json.writeArrayFieldStart("attachments");
            write(json, message.attachment());
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Attachment attachment) throws IOException {
        json.writeStartObject();
        json.writeStringField("color", attachment.color());
        json.writeStringField("fallback", attachment.fallback());
        if (!attachment.title().isEmpty()) {
            json.writeStringField("title", attachment.title());
        }
        json.writeStringField("text", attachment.text());
        if (!attachment.fields().isEmpty()) {
            json.writeArrayFieldStart("fields");
            for (Attachment.Field field : attachment.fields()) {
                write(json, field);
            }
            json.writeEndArray();
        }
        json.writeStringField("footer", attachment.footer());
        json.writeNumberField("ts", attachment.time().getEpochSecond());
        json.writeArrayFieldStart("mrkdwn_in");
        json.writeString("text");
        json.writeString("fields");
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Attachment.Field field) throws IOException {
        json.writeStartObject();
        json.writeStringField("title", field.title());
        json.writeStringField("value", field.value());
        json.writeBooleanField("short", field.isShort());
        json.writeEndObject();
    }
}
