package dewy.registry.github;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dewy.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What GitHub answers, read as it arrives and within limits. Whoever reads an object opens it, goes from field to field, and
 * takes the value of each or passes over it. What is said about an answer that is malformed does not quote it: it may hold
 * a token.
 */
final class Json {
    private static final long LARGEST = 64L << 20;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxDocumentLength(LARGEST).build())
            .build();

    /** Understands the value at hand. */
    @FunctionalInterface
    interface Item<T> {
        T read(Json json) throws IOException;
    }

    private final JsonParser parser;

    private Json(JsonParser parser) {
        this.parser = parser;
    }

    static <T> Response.Reader<T> one(Item<T> item) {
        return in -> read(in, item);
    }

    static <T> Response.Reader<List<T>> list(Item<T> item) {
        return in -> read(in, json -> json.items(item));
    }

    /** Opens the object at hand. */
    void open() throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT);
    }

    /** Goes to the value of the next field; there is none where the object ends. */
    boolean next() throws IOException {
        boolean isField = parser.nextToken() == JsonToken.FIELD_NAME;
        if (isField) {
            parser.nextToken();
        }
        return isField;
    }

    /** Returns the name of the field. */
    String name() throws IOException {
        return parser.currentName();
    }

    /** Passes over the value. */
    void skip() throws IOException {
        parser.skipChildren();
    }

    /** Returns the text at hand; an empty one for {@code null}. */
    String text() throws IOException {
        if (isNull()) {
            return "";
        }
        require(parser.currentToken() == JsonToken.VALUE_STRING);
        return parser.getText();
    }

    /** Returns the whole number at hand. */
    OptionalLong number() throws IOException {
        if (isNull()) {
            return OptionalLong.empty();
        }
        require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT);
        return OptionalLong.of(parser.getLongValue());
    }

    /** Returns whether {@code true} is at hand. */
    boolean flag() throws IOException {
        return !isNull() && parser.getBooleanValue();
    }

    /** Returns the time at hand. */
    Optional<Instant> time() throws IOException {
        String text = text();
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            throw malformed();
        }
    }

    /** Returns what is in the list at hand. */
    <T> List<T> items(Item<T> item) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY);
        List<T> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(item.read(this));
        }
        return List.copyOf(items);
    }

    /** Returns the first text of that name anywhere within the value at hand, which is passed over; else an empty one. */
    String find(String name) throws IOException {
        String found = "";
        int depth = depth(0);
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            depth = depth(depth);
            if (found.isEmpty() && token == JsonToken.VALUE_STRING && name.equals(parser.currentName())) {
                found = parser.getText();
            }
        }
        return found;
    }

    /** Returns what is wrong with the value at hand, or with the object that ended, by its JSON Pointer (RFC 6901). */
    IOException malformed() {
        String place = parser.getParsingContext().pathAsPointer().toString();
        return malformed(place.isEmpty() ? "" : " at " + place);
    }

    private static IOException malformed(String place) {
        return new IOException("it is not the JSON that GitHub documents" + place);
    }

    private static <T> T read(InputStream in, Item<T> item) throws IOException {
        try (JsonParser parser = FACTORY.createParser(in)) {
            parser.nextToken();
            return item.read(new Json(parser));
        } catch (JacksonException e) {
            throw malformed("");
        }
    }

    private void require(boolean isDocumented) throws IOException {
        if (!isDocumented) {
            throw malformed();
        }
    }

    private boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    private int depth(int before) {
        JsonToken token = parser.currentToken();
        return token.isStructStart() ? before + 1 : token.isStructEnd() ? before - 1 : before;
    }
}
