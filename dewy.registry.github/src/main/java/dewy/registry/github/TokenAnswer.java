package dewy.registry.github;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;

/** What GitHub answers when an installation token is asked for. */
final class TokenAnswer {
    private final String token;
    private final Instant expires;

    private TokenAnswer(String token, Instant expires) {
        this.token = token;
        this.expires = expires;
    }

    /** Reads the answer; what is said when it is malformed does not quote it. */
    static TokenAnswer read(InputStream in) throws IOException {
        String token = "";
        String expires = "";
        try (JsonParser json = Json.parser(in)) {
            Json.require(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "token" -> token = Json.text(json);
                    case "expires_at" -> expires = Json.text(json);
                    default -> json.skipChildren();
                }
            }
        }
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new IOException("it holds no token");
        }
        try {
            return new TokenAnswer(token, Instant.parse(expires));
        } catch (DateTimeException e) {
            throw new IOException("it does not say when the token expires", e);
        }
    }

    String token() {
        return token;
    }

    Instant expires() {
        return expires;
    }
}
