package dewy.core.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.control.AuditEntry;
import dewy.api.control.AuditEntry.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An entry as a line of JSON, as {@code dewy.api.control} has it. */
final class AuditText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String DETAILS = "details";

    private AuditText() {}

    static String format(AuditEntry entry) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("at", entry.at().toString());
            json.writeStringField("actor", entry.actor());
            if (entry.uid().isPresent()) {
                json.writeNumberField("uid", entry.uid().get());
            }
            json.writeStringField("from", entry.from());
            json.writeStringField("action", entry.action());
            writeIfPresent(json, "app", entry.app());
            writeIfPresent(json, "cause", entry.cause());
            writeIfPresent(json, "deploy_id", entry.deployId());
            json.writeStringField("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
            json.writeStringField("reason", entry.reason());
            json.writeObjectFieldStart(DETAILS);
            for (Map.Entry<String, String> detail : entry.details().entrySet()) {
                json.writeStringField(detail.getKey(), detail.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a string can be written to", e);
        }
        return text.append('\n').toString();
    }

    /** Returns the entry of a line; empty where it is none, as one that a power cut left unfinished. */
    static Optional<AuditEntry> parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> details = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            read(json, fields, details);
            return Optional.of(new AuditEntry(
                    Instant.parse(fields.getOrDefault("at", "")),
                    fields.getOrDefault("actor", ""),
                    Optional.ofNullable(fields.get("uid")).map(Integer::valueOf),
                    fields.getOrDefault("from", ""),
                    fields.getOrDefault("action", ""),
                    Optional.ofNullable(fields.get("app")),
                    Optional.ofNullable(fields.get("cause")),
                    Optional.ofNullable(fields.get("deploy_id")),
                    Outcome.valueOf(fields.getOrDefault("outcome", "").toUpperCase(Locale.ROOT)),
                    fields.getOrDefault("reason", ""),
                    details));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void read(JsonParser json, Map<String, String> fields, Map<String, String> details)
            throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("no object");
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            if (DETAILS.equals(name)) {
                for (String each = json.nextFieldName(); each != null; each = json.nextFieldName()) {
                    details.put(each, String.valueOf(json.nextTextValue()));
                }
            } else {
                fields.put(name, json.getText());
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("no end");
        }
    }

    private static void writeIfPresent(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }
}
