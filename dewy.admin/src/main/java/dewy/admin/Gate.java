package dewy.admin;

import dewy.api.DewyException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who may ask for what. A page of another site in the browser of somebody who may is no danger: it has no token, names another
 * origin, and a name of its own that it had lead here is none of ours.
 */
final class Gate {
    /** Who may use a route. */
    enum Access {
        /** Anybody: it says nothing of the agent. */
        ANYBODY,
        /** On this host anybody, from elsewhere who has a token. */
        READ,
        /** Who has a token, since it shows what apps wrote. */
        PRIVATE,
        /** Who has a token. */
        CHANGE
    }

    private static final String BEARER = "bearer ";

    private final Tokens tokens;
    private final Set<String> names;
    private final boolean isLoopback;

    Gate(Tokens tokens, List<String> names, boolean isLoopback) {
        this.tokens = tokens;
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.isLoopback = isLoopback;
    }

    /** Returns who asks, where they may address this server as they do. */
    Caller identify(HttpRequest request, Caller peer) throws Refusal {
        HttpHeaders headers = request.headers();
        if (!peer.isLocal()) {
            requireOurs(headers);
        }
        List<String> authorization = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (authorization.isEmpty()) {
            return peer;
        }
        String given = authorization.get(0);
        if (authorization.size() > 1 || !given.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw unauthorized("only Authorization: Bearer TOKEN is understood");
        }
        try {
            String token = given.substring(BEARER.length()).strip();
            return peer.named(tokens.nameOf(token)
                    .orElseThrow(() -> unauthorized("the token is none of those in " + tokens.file())));
        } catch (DewyException e) {
            throw new Refusal(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, e.problem().sentence());
        }
    }

    /** Requires that somebody may use a route. */
    void require(Access access, Caller caller) throws Refusal {
        boolean isFree = access == Access.ANYBODY || (access == Access.READ && isLoopback);
        if (!isFree && caller.name().isEmpty()) {
            throw unauthorized("send Authorization: Bearer TOKEN, with a token of " + tokens.file()
                    + ", or ask over the unix socket");
        }
    }

    private void requireOurs(HttpHeaders headers) throws Refusal {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1 || !names.contains(nameOf(hosts.get(0)))) {
            throw new Refusal(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "the request is for " + String.join(", ", hosts)
                            + ", which is none of the names of this server. Address it as one of them, or name it with"
                            + " --admin-host");
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (!origin.toLowerCase(Locale.ROOT)
                    .matches("https?://" + Pattern.quote(hosts.get(0).toLowerCase(Locale.ROOT)))) {
                throw new Refusal(HttpResponseStatus.FORBIDDEN, "a page of another site (" + origin + ") asks for it");
            }
        }
        String site = headers.get("sec-fetch-site", "none");
        if (!Set.of("none", "same-origin").contains(site) && !isNavigation(headers)) {
            throw new Refusal(HttpResponseStatus.FORBIDDEN, "a page of another site asks for it");
        }
    }

    /** A link on another page leads here, as one does that is clicked. */
    private static boolean isNavigation(HttpHeaders headers) {
        return "navigate".equals(headers.get("sec-fetch-mode"));
    }

    private static String nameOf(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", "");
    }

    private static Refusal unauthorized(String message) {
        return new Refusal(
                HttpResponseStatus.UNAUTHORIZED, message, Map.of("www-authenticate", "Bearer realm=\"dewy\""));
    }
}
