package dewy.core.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.InvalidException;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * An answer as a text for a store: JSON, or, where that would be too long, the same compressed by gzip in Base64. It says its
 * format, since agents of several versions may share a store.
 */
final class AnswerText {
    private static final String FORMAT = "1";
    private static final JsonFactory JSON = new JsonFactory();

    private AnswerText() {}

    /** Returns an answer as text; compressed when it would have more bytes than {@code most}. */
    static String format(Answer answer, int most) {
        String plain = json(json -> write(json, answer));
        byte[] bytes = plain.getBytes(UTF_8);
        if (bytes.length <= most) {
            return plain;
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Nothing is written anywhere.
        }
        return Base64.getEncoder().encodeToString(compressed.toByteArray());
    }

    /** Returns the answer of a text; empty where that is none that this agent understands. */
    static Optional<Answer> parse(String text) {
        try (JsonParser json = JSON.createParser(text.startsWith("{") ? text : uncompressed(text))) {
            json.nextToken();
            return read(object(json));
        } catch (IOException | InvalidException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Returns what tells a content from others, wherever its poll ended. */
    static String id(Answer.Content content) {
        String text = json(json -> write(json, content.endedAt("")));
        return Digest.of(text.getBytes(UTF_8)).hex();
    }

    private static String uncompressed(String text) throws IOException {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static String json(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Nothing is written anywhere.
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Answer answer) throws IOException {
        json.writeStartObject();
        json.writeStringField("format", FORMAT);
        json.writeStringField("revision", Long.toString(answer.revision()));
        json.writeStringField("by", answer.by());
        json.writeStringField("asked", answer.asked().toString());
        json.writeStringField("good", answer.good().toString());
        writeIfThere(json, "failure", answer.failure());
        writeIfThere(json, "unshared", answer.unshared());
        if (answer.content().isPresent()) {
            json.writeFieldName("content");
            write(json, answer.content().get());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Answer.Content content) throws IOException {
        json.writeStartObject();
        json.writeStringField("cursor", content.cursor());
        writeIfThere(json, "remark", content.remark());
        json.writeArrayFieldStart("releases");
        for (Release release : content.releases()) {
            json.writeStartObject();
            json.writeStringField("tag", release.tag());
            writeIfThere(json, "created", release.created().map(Instant::toString));
            json.writeArrayFieldStart("artifacts");
            for (Artifact artifact : release.artifacts()) {
                write(json, artifact);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Artifact artifact) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", artifact.kind().name());
        json.writeStringField("name", artifact.name());
        json.writeStringField("location", artifact.location());
        if (artifact.size().isPresent()) {
            json.writeStringField("size", Long.toString(artifact.size().getAsLong()));
        }
        writeIfThere(json, "digest", artifact.digest().map(Digest::toString));
        json.writeEndObject();
    }

    private static void writeIfThere(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }

    /** What an object of JSON has: texts, objects and lists of objects. */
    private record Fields(Map<String, Object> values) {
        String text(String name) {
            return find(name).orElseThrow();
        }

        Optional<String> find(String name) {
            return Optional.ofNullable(values.get(name)).map(String.class::cast);
        }

        Optional<Fields> object(String name) {
            return Optional.ofNullable(values.get(name)).map(Fields.class::cast);
        }

        List<Fields> list(String name) {
            List<?> list = (List<?>) values.getOrDefault(name, List.of());
            return list.stream().map(Fields.class::cast).toList();
        }
    }

    private static Fields object(JsonParser json) throws IOException {
        Map<String, Object> values = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            values.put(name, value(json));
        }
        return new Fields(values);
    }

    private static Object value(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            return object(json);
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return json.getText();
        }
        List<Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(json));
        }
        return list;
    }

    private static Optional<Answer> read(Fields fields) throws InvalidException {
        if (!fields.text("format").equals(FORMAT)) {
            return Optional.empty();
        }
        Optional<Fields> content = fields.object("content");
        return Optional.of(new Answer(
                Long.parseLong(fields.text("revision")),
                fields.text("by"),
                Instant.parse(fields.text("asked")),
                Instant.parse(fields.text("good")),
                content.isPresent() ? Optional.of(content(content.get())) : Optional.empty(),
                fields.find("failure"),
                fields.find("unshared")));
    }

    private static Answer.Content content(Fields fields) throws InvalidException {
        List<Release> releases = new ArrayList<>();
        for (Fields release : fields.list("releases")) {
            List<Artifact> artifacts = new ArrayList<>();
            for (Fields artifact : release.list("artifacts")) {
                artifacts.add(artifact(artifact));
            }
            releases.add(
                    new Release(release.text("tag"), release.find("created").map(Instant::parse), artifacts));
        }
        return new Answer.Content(releases, fields.find("remark"), fields.text("cursor"), false);
    }

    private static Artifact artifact(Fields fields) throws InvalidException {
        Optional<String> size = fields.find("size");
        Optional<String> digest = fields.find("digest");
        return new Artifact(
                Artifact.Kind.valueOf(fields.text("kind")),
                fields.text("name"),
                fields.text("location"),
                size.isPresent() ? OptionalLong.of(Long.parseLong(size.get())) : OptionalLong.empty(),
                digest.isPresent() ? Optional.of(Digest.parse(digest.get())) : Optional.empty());
    }
}
