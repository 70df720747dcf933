package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import dewy.http.Authentication;
import dewy.http.Credentials;
import dewy.http.Netrc;
import dewy.http.Origin;
import dewy.http.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who asks: headers such as {@code Authorization: Bearer …} that stand in the environment, in files or in credentials of
 * systemd, and else what netrc holds for the host. All are read anew for each request.
 *
 * @param headers where the headers are, a line each
 */
record HttpCredentials(List<Secret> headers, Netrc netrc) implements Authentication {
    private static final Pattern LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\x21-\\x7e][ -~\\t]*)");
    private static final String AUTHORIZATION = "authorization";
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

    @Override
    public Credentials credentials(Call call, Request request) throws InvalidException {
        Map<String, String> sent = new LinkedHashMap<>();
        for (Secret header : headers) {
            Matcher line = read(header);
            sent.put(line.group(1).toLowerCase(Locale.ROOT), line.group(2));
        }
        if (!sent.containsKey(AUTHORIZATION)) {
            sent.putAll(netrc.credentials(Origin.of(request.uri()).host()).headers());
        }
        return Credentials.of(sent, "the headers and passwords of this host");
    }

    /**
     * Reads a header.
     *
     * @throws InvalidException if it is not there, or malformed; what it holds is not quoted
     */
    private static Matcher read(Secret header) throws InvalidException {
        Matcher line = LINE.matcher(header.reveal().strip());
        if (!line.matches()) {
            throw invalid(header, "it is not one line such as \"Authorization: Bearer …\"");
        }
        if (OURS.contains(line.group(1).toLowerCase(Locale.ROOT))) {
            throw invalid(header, "the header " + line.group(1) + " is not one to be set");
        }
        return line;
    }

    private static InvalidException invalid(Secret header, String why) {
        return new InvalidException(
                Problem.of("use the header in", header, why, "Let it hold a name, a colon and a value"));
    }
}
