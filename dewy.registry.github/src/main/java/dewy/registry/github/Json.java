package dewy.registry.github;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import dewy.http.Response;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what GitHub answers, as it arrives and within limits. What is said about an answer that is malformed does not quote
 * it: it may hold a token.
 */
final class Json {
    private static final long LARGEST = 64L << 20;
    private static final int MOST_TYPES = 64;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(LARGEST)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Jackson's own, which it keeps for ever, would hold these classes when the bundle is gone.
            .typeFactory(TypeFactory.defaultInstance().withCache(ownTypes()))
            .build();

    private Json() {}

    private static LookupCache<Object, JavaType> ownTypes() {
        return new LRUMap<>(8, MOST_TYPES);
    }

    static <T> Response.Reader<T> one(Class<T> type) {
        return in -> read(() -> MAPPER.readValue(in, type));
    }

    static <T> Response.Reader<List<T>> list(Class<T> type) {
        return in -> read(() -> MAPPER.readerForListOf(type).<List<T>>readValue(in));
    }

    private interface Reading<T> {
        @Nullable
        T value() throws IOException;
    }

    private static <T> T read(Reading<T> reading) throws IOException {
        try {
            T value = reading.value();
            if (value == null) {
                throw malformed("");
            }
            return value;
        } catch (JacksonException e) {
            // The stream itself may have failed, in the middle of a list.
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException broken && !(cause instanceof JacksonException)) {
                    throw broken;
                }
            }
            throw malformed(e instanceof JsonMappingException mapping ? place(mapping) : "");
        }
    }

    private static String place(JsonMappingException e) {
        StringBuilder place = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            place.append(step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
        }
        return place.length() == 0 ? "" : " at " + place;
    }

    private static IOException malformed(String place) {
        return new IOException("it is not the JSON that GitHub documents" + place);
    }
}
