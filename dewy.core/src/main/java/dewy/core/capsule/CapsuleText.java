package dewy.core.capsule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.FailureKind;
import dewy.api.control.Capsule;
import dewy.api.control.Evidence;
import dewy.api.event.Event;
import dewy.api.event.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Evidence as JSON, as {@code dewy.api.control} has it. What failed comes first, so that a list of it reads little. */
final class CapsuleText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String CAPSULE = "capsule";

    private CapsuleText() {}

    static byte[] format(Evidence evidence) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes).useDefaultPrettyPrinter()) {
            write(json, fields(evidence));
        } catch (IOException e) {
            throw new IllegalStateException("an array can be written to", e);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    /** Returns what failed; the rest is not looked at. */
    static Capsule parseHead(InputStream text) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            if (!CAPSULE.equals(json.nextFieldName())) {
                throw new IOException("it does not begin with what failed");
            }
            json.nextToken();
            Fields fields = new Fields(read(json));
            return understood(() -> capsule(fields));
        }
    }

    static Evidence parse(InputStream text) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            Fields fields = new Fields(read(json));
            return understood(() -> evidence(fields));
        }
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T understood(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("it is no evidence: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> fields(Evidence evidence) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(CAPSULE, fields(evidence.capsule()));
        fields.put("errors", evidence.errors());
        fields.put("events", evidence.events().stream().map(CapsuleText::fields).toList());
        fields.put(
                "outputs", evidence.outputs().stream().map(CapsuleText::fields).toList());
        fields.put(
                "plugins", evidence.plugins().stream().map(CapsuleText::fields).toList());
        fields.put("options", evidence.options());
        fields.put("system", evidence.system());
        return fields;
    }

    private static Map<String, Object> fields(Evidence.Output output) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("by", output.by());
        fields.put("lines", output.lines());
        return fields;
    }

    private static Map<String, Object> fields(Evidence.PluginUse use) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("plugin", use.plugin());
        fields.put("bundle", use.bundle());
        fields.put("version", use.version());
        return fields;
    }

    private static Map<String, Object> fields(Capsule capsule) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", capsule.id());
        fields.put("app", capsule.app());
        fields.put("version", capsule.version());
        fields.put("at", capsule.at());
        fields.put("times", capsule.times());
        fields.put("step", capsule.step());
        capsule.failure().ifPresent(kind -> fields.put("failure", word(kind)));
        fields.put("error", capsule.error());
        fields.put("deploy_id", capsule.deployId());
        fields.put("cause", capsule.cause());
        fields.put("actor", capsule.actor());
        return fields;
    }

    private static Map<String, Object> fields(Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", event.id());
        fields.put("sequence", event.sequence());
        fields.put("time", event.time());
        fields.put("app", event.app());
        fields.put("deploy_id", event.deployId());
        fields.put("cause", event.cause());
        fields.put("actor", event.actor());
        fields.put("type", event.type());
        fields.put("level", word(event.level()));
        fields.put("text", event.text());
        fields.put("data", event.data());
        return fields;
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> fields) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.writeFieldName(field.getKey().toString());
                write(json, field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Collection<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else {
            json.writeString(value.toString());
        }
    }

    private static Object read(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> fields = new LinkedHashMap<>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                fields.put(name, read(json));
            }
            return fields;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(read(json));
            }
            return elements;
        }
        if (token == null) {
            throw new IOException("it ends too early");
        }
        return token.isNumeric() ? json.getLongValue() : json.getText();
    }

    private static Evidence evidence(Fields fields) {
        return new Evidence(
                capsule(fields.object(CAPSULE)),
                fields.texts("errors"),
                fields.objects("events", CapsuleText::event),
                fields.objects("outputs", output -> new Evidence.Output(output.text("by"), output.texts("lines"))),
                fields.objects(
                        "plugins",
                        use -> new Evidence.PluginUse(use.text("plugin"), use.text("bundle"), use.text("version"))),
                fields.object("options").map(Fields::texts),
                fields.object("system").map(Fields::text));
    }

    private static Capsule capsule(Fields fields) {
        return new Capsule(
                fields.text("id"),
                fields.text("app"),
                fields.text("version"),
                Instant.parse(fields.text("at")),
                (int) fields.number("times"),
                fields.text("step"),
                Optional.of(fields.text("failure"))
                        .filter(kind -> !kind.isEmpty())
                        .map(kind -> FailureKind.valueOf(constant(kind))),
                fields.text("error"),
                fields.text("deploy_id"),
                fields.text("cause"),
                fields.text("actor"));
    }

    private static Event event(Fields fields) {
        return new Event(
                fields.text("id"),
                fields.number("sequence"),
                Instant.parse(fields.text("time")),
                fields.text("app"),
                fields.text("deploy_id"),
                fields.text("cause"),
                fields.text("actor"),
                fields.text("type"),
                Level.valueOf(constant(fields.text("level"))),
                fields.text("text"),
                fields.object("data").map(Fields::text));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The fields of an object; what is missing is empty, so that a later agent may leave something out. */
    private static final class Fields {
        private final Map<?, ?> fields;

        Fields(Object value) {
            fields = value instanceof Map<?, ?> map ? map : Map.of();
        }

        String text(String name) {
            return fields.get(name) instanceof String text ? text : "";
        }

        long number(String name) {
            return fields.get(name) instanceof Long number ? number : 0;
        }

        List<String> texts(String name) {
            return list(name).stream().map(Object::toString).toList();
        }

        Fields object(String name) {
            Object value = fields.get(name);
            return new Fields(value == null ? Map.of() : value);
        }

        <T> List<T> objects(String name, Function<Fields, T> kind) {
            return list(name).stream().map(each -> kind.apply(new Fields(each))).toList();
        }

        /** Returns the values of all fields. */
        <V> Map<String, V> map(ByName<V> kind) {
            Map<String, V> values = new LinkedHashMap<>();
            fields.keySet().forEach(name -> values.put(name.toString(), kind.of(this, name.toString())));
            return values;
        }

        private List<?> list(String name) {
            return fields.get(name) instanceof List<?> list ? list : List.of();
        }

        private interface ByName<V> {
            V of(Fields fields, String name);
        }
    }
}
