package dewy.http;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What proves who asks, as headers of a request. They are seen by the server alone: neither shown nor compared. Immutable.
 */
public final class Credentials {
    /** Nobody asks in particular. */
    public static final Credentials NONE = new Credentials(Map.of(), "nobody");

    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

    private final Map<String, String> headers;
    private final String source;

    private Credentials(Map<String, String> headers, String source) {
        this.headers = headers;
        this.source = source;
    }

    /**
     * Returns credentials that are whole headers, such as a signature of the request.
     *
     * @param source what to call them when people are told about them
     */
    public static Credentials of(Map<String, String> headers, String source) {
        return headers.isEmpty() ? NONE : new Credentials(Map.copyOf(headers), source);
    }

    /**
     * Returns a token (RFC 6750).
     *
     * @throws InvalidException if it can be none; the JDK's client would quote a header that it does not like
     */
    public static Credentials bearer(String token, String source) throws InvalidException {
        if (!VISIBLE.matcher(token).matches()) {
            String why = "it is empty or holds characters that no token has";
            throw new InvalidException(Problem.of("use", source, why, "Set it anew"));
        }
        return new Credentials(Map.of("authorization", "Bearer " + token), source);
    }

    /** Returns a user and a password (RFC 7617). */
    public static Credentials basic(String user, String password, String source) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        String encoded = Base64.getEncoder().encodeToString(both);
        return new Credentials(Map.of("authorization", "Basic " + encoded), source);
    }

    /** Returns the headers to send, by their names in lower case. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns what to call them when people are told about them. */
    public String source() {
        return source;
    }

    public boolean areNone() {
        return headers.isEmpty();
    }

    /** Returns a message without them, should somebody have put them there. */
    public String scrub(String message) {
        String scrubbed = message;
        for (String value : headers.values()) {
            scrubbed = scrubbed.replace(value, "***").replace(value.substring(value.indexOf(' ') + 1), "***");
        }
        return scrubbed;
    }

    @Override
    public String toString() {
        return source;
    }
}
