package dewy.registry.github;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;

/** Reads JSON as it arrives, within limits. */
final class Json {
    private static final long LARGEST = 64L << 20;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxDocumentLength(LARGEST).build())
            .build();

    private Json() {}

    static JsonParser parser(InputStream in) throws IOException {
        return FACTORY.createParser(in);
    }

    static void require(JsonToken actual, JsonToken expected) throws IOException {
        if (actual != expected) {
            throw new IOException("it is not the JSON that GitHub documents");
        }
    }

    /** Returns the text at hand, or an empty one for {@code null} and everything else, which is passed over. */
    static String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }

    /** Returns the whole number at hand, or -1. */
    static long number(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        json.skipChildren();
        return -1;
    }

    /** Returns whether {@code true} is at hand. */
    static boolean flag(JsonParser json) throws IOException {
        json.skipChildren();
        return json.currentToken() == JsonToken.VALUE_TRUE;
    }
}
