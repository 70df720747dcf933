package dewy.core.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * An entry as a line: the CRC-32C of the rest in hexadecimal, a space, and a flat JSON object of strings. Each says its format,
 * so that lines of several agents may follow each other; one that says none is of the first, which had no images.
 */
final class JournalLine {
    static final int FORMAT = 2;

    private static final String FIRST_FORMAT = "1";
    private static final JsonFactory JSON = new JsonFactory();

    /** A line of a journal is whole, and in a format that came after this agent. */
    static final class NewerFormatException extends IOException {
        private static final long serialVersionUID = 1L;

        NewerFormatException(int line, String format) {
            super("line " + line + " is in format " + format + ", and this agent knows those up to " + FORMAT);
        }
    }

    private JournalLine() {}

    static String format(JournalEntry entry) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("format", Integer.toString(FORMAT));
            json.writeStringField("sequence", Long.toString(entry.sequence()));
            json.writeStringField("time", entry.time().toString());
            json.writeStringField("deploy", entry.deployId());
            json.writeStringField("step", entry.step().name());
            json.writeStringField("phase", entry.phase().name());
            for (Map.Entry<String, String> detail : entry.data().entrySet()) {
                json.writeStringField("." + detail.getKey(), detail.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot be written to", e);
        }
        return checksum(text.toString()) + " " + text + "\n";
    }

    /**
     * Returns the entry of a line, or empty when the line is damaged.
     *
     * @param number of the line, from 1
     * @throws NewerFormatException if it is whole, and not for this agent
     */
    static Optional<JournalEntry> parse(int number, String line) throws NewerFormatException {
        if (line.length() < 10
                || line.charAt(8) != ' '
                || !checksum(line.substring(9)).equals(line.substring(0, 8))) {
            return Optional.empty();
        }
        try {
            Map<String, String> fields = fields(line.substring(9));
            requireKnown(number, fields.getOrDefault("format", FIRST_FORMAT));
            return Optional.of(entry(fields));
        } catch (NewerFormatException e) {
            throw e;
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void requireKnown(int number, String format) throws NewerFormatException {
        if (Integer.parseInt(format) > FORMAT) {
            throw new NewerFormatException(number, format);
        }
    }

    private static Map<String, String> fields(String text) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
        }
        return fields;
    }

    private static JournalEntry entry(Map<String, String> fields) {
        Map<String, String> data = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(".")) {
                data.put(name.substring(1), value);
            }
        });
        return new JournalEntry(
                Long.parseLong(fields.getOrDefault("sequence", "")),
                Instant.parse(fields.getOrDefault("time", "")),
                fields.getOrDefault("deploy", ""),
                JournalEntry.Step.valueOf(fields.getOrDefault("step", "")),
                JournalEntry.Phase.valueOf(fields.getOrDefault("phase", "")),
                data);
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
