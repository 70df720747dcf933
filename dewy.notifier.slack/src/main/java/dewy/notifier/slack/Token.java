package dewy.notifier.slack;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import java.util.regex.Pattern;

/** Slack's token, fetched for each request and kept nowhere. */
final class Token {
    private static final Pattern SHAPE = Pattern.compile("[\\x21-\\x7e]+");

    private final Secret source;

    /** Creates a token; what {@code source} reveals may in turn refer to a file or a credential. */
    Token(Secret source) {
        this.source = source;
    }

    /** Returns the value of the header {@code Authorization}. */
    String authorization() throws InvalidException {
        String token = Secret.of(source.reveal().strip()).reveal().strip();
        // Checked here, because the HTTP client would quote a value that it refuses.
        if (!SHAPE.matcher(token).matches()) {
            throw new InvalidException(Problem.of(
                    "use the Slack token of",
                    source,
                    "it is empty or holds characters that no token has",
                    "Copy the Bot User OAuth Token of the Slack app once more"));
        }
        return "Bearer " + token;
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
