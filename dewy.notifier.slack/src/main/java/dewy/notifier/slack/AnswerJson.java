package dewy.notifier.slack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the answer of {@code chat.postMessage}. Nothing of it is quoted but words of a known shape. */
final class AnswerJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,60}");
    private static final Pattern SCOPES = Pattern.compile("[a-z:._,-]{1,120}");
    private static final Pattern TS = Pattern.compile("\\d{1,20}\\.\\d{1,20}");

    private AnswerJson() {}

    /** Returns whether a text has the form of a message's {@code ts}. */
    static boolean isTs(String text) {
        return TS.matcher(text).matches();
    }

    /** Returns the answer; empty when it is none that Slack gives. */
    static Optional<Answer> read(byte[] body) {
        Map<String, String> values;
        try {
            values = topLevel(body);
        } catch (IOException e) {
            return Optional.empty();
        }
        if ("true".equals(values.get("ok"))) {
            Optional<String> ts = Optional.ofNullable(values.get("ts")).filter(AnswerJson::isTs);
            return Optional.of(new Answer.Posted(ts));
        }
        if ("false".equals(values.get("ok"))) {
            String error = matching(ERROR, values.get("error"), "unnamed_error");
            return Optional.of(new Answer.Refused(error, matching(SCOPES, values.get("needed"), "")));
        }
        return Optional.empty();
    }

    private static String matching(Pattern pattern, @Nullable String text, String otherwise) {
        return text != null && pattern.matcher(text).matches() ? text : otherwise;
    }

    private static Map<String, String> topLevel(byte[] body) throws IOException {
        Map<String, String> values = new HashMap<>();
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return values;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    values.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
        }
        return values;
    }
}
