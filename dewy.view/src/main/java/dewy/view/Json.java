package dewy.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dewy.api.proxy.Latency;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Turns records into JSON: the names of their components in snake case, states in the words that people read, times and paths
 * as they are written, lengths of time in seconds, and how long requests took by half and 99 % of them. What is not there is left
 * out. It is loaded only when JSON is asked for.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .withConfigOverride(Optional.class, Json::leftOutWhenEmpty)
            .withConfigOverride(OptionalInt.class, Json::leftOutWhenEmpty)
            .withConfigOverride(OptionalLong.class, Json::leftOutWhenEmpty)
            .withConfigOverride(OptionalDouble.class, Json::leftOutWhenEmpty)
            .addModule(new SimpleModule()
                    .addSerializer(new Absent<>(Optional.class, value -> value))
                    .addSerializer(new Absent<>(
                            OptionalInt.class, value -> value.stream().boxed().findFirst()))
                    .addSerializer(new Absent<>(
                            OptionalLong.class, value -> value.stream().boxed().findFirst()))
                    .addSerializer(new Absent<>(
                            OptionalDouble.class,
                            value -> value.stream().boxed().findFirst()))
                    .addSerializer(Enum.class, new States())
                    .addSerializer(Duration.class, new Seconds())
                    .addSerializer(Latency.class, new Quantiles())
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Path.class, ToStringSerializer.instance))
            .build();

    private Json() {}

    /** Returns a document that people can read too. */
    public static String write(Object value) {
        return write(MAPPER.writerWithDefaultPrettyPrinter(), value);
    }

    /** Returns a document in one line. */
    public static String line(Object value) {
        return write(MAPPER.writer(), value);
    }

    private static String write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what the agent shows can be written", e);
        }
    }

    private static void leftOutWhenEmpty(MutableConfigOverride type) {
        type.setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS));
    }

    /** Writes what may be absent. */
    private static final class Absent<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient Function<T, Optional<?>> value;

        Absent(Class<T> type, Function<T, Optional<?>> value) {
            super(type);
            this.value = value;
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, T given) {
            return value.apply(given).isEmpty();
        }

        @Override
        public void serialize(T given, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.apply(given).orElse(null), json);
        }
    }

    /** Writes states in words. */
    @SuppressWarnings("rawtypes") // That of a module.
    private static final class States extends JsonSerializer<Enum> {
        @Override
        public void serialize(Enum state, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(Words.of(state));
        }
    }

    /** Writes how long requests took. */
    private static final class Quantiles extends JsonSerializer<Latency> {
        private static final double NANOS = 1e9;

        @Override
        public void serialize(Latency latency, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartObject();
            json.writeNumberField("count", latency.count());
            if (latency.count() > 0) {
                json.writeNumberField("p50", latency.quantile(0.5).toNanos() / NANOS);
                json.writeNumberField("p99", latency.quantile(0.99).toNanos() / NANOS);
            }
            json.writeEndObject();
        }
    }

    /** Writes lengths of time. */
    private static final class Seconds extends JsonSerializer<Duration> {
        private static final double MILLIS = 1_000;

        @Override
        public void serialize(Duration length, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeNumber(length.toMillis() / MILLIS);
        }
    }
}
