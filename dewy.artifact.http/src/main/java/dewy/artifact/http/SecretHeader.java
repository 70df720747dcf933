package dewy.artifact.http;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A header such as {@code Authorization: Bearer …} that stands in the environment, in a file or in a credential of
 * systemd, and is read anew for each request.
 */
record SecretHeader(Secret line) {
    private static final Pattern LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\x21-\\x7e][ -~\\t]*)");
    /** Those that say how a message is sent, or which part of the artifact is wanted. */
    private static final Set<String> OURS = Set.of(
            "host",
            "connection",
            "content-length",
            "expect",
            "transfer-encoding",
            "upgrade",
            "range",
            "if-range",
            "if-none-match",
            "accept-encoding",
            "proxy-authorization");

    /**
     * A header as it is sent.
     *
     * @param name in lower case
     */
    record Header(String name, String value) {
        @Override
        public String toString() {
            return name + ": ***";
        }
    }

    /** Returns whether a text says where a secret is, rather than being one. */
    static boolean isReference(String text) {
        return text.matches("(env|file|cred):.+");
    }

    /**
     * Reads the header.
     *
     * @throws InvalidException if it is not there, or malformed; what it holds is not quoted
     */
    Header read() throws InvalidException {
        Matcher matcher = LINE.matcher(line.reveal().strip());
        if (!matcher.matches()) {
            throw invalid("it is not one line such as \"Authorization: Bearer …\"");
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        if (OURS.contains(name)) {
            throw invalid("the header " + name + " is not one to be set");
        }
        return new Header(name, matcher.group(2));
    }

    private InvalidException invalid(String why) {
        return new InvalidException(
                Problem.of("use the header in", line, why, "Let it hold a name, a colon and a value"));
    }
}
