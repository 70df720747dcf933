package dewy.http;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Asks servers. Redirects are followed here, because credentials go to the origin that was asked alone: they do not leave
 * it, and do not come back once a request has left. Safe for use by several threads.
 */
public final class WebClient {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 10;
    private static final int UNAUTHORIZED = 401;

    private final Connections connections;
    private final Authentication authentication;
    private final Dialect dialect;
    private final boolean allowsHttp;
    private final InstantSource clock;

    /**
     * Makes a client.
     *
     * @param allowsHttp whether redirects may lead to where nothing is encrypted; within this host they always may
     */
    public WebClient(
            Connections connections,
            Authentication authentication,
            Dialect dialect,
            boolean allowsHttp,
            InstantSource clock) {
        this.connections = connections;
        this.authentication = authentication;
        this.dialect = dialect;
        this.allowsHttp = allowsHttp;
        this.clock = clock;
    }

    /** Returns a client that asks as somebody else, on the same connections. */
    public WebClient as(Authentication other) {
        return new WebClient(connections, other, dialect, allowsHttp, clock);
    }

    /**
     * Asks. A request that changes something is not redirected: it would be made twice.
     *
     * @param accepted the statuses that are not a failure
     * @return the answer, for the caller to close
     */
    public Response ask(Call call, Request request, Integer... accepted) throws DewyException {
        Set<Integer> wanted = Set.of(accepted);
        Request at = request;
        int redirects = 0;
        boolean home = true;
        boolean challenged = false;
        while (redirects <= MOST_REDIRECTS) {
            Credentials credentials = home ? authentication.credentials(call, at) : Credentials.NONE;
            Response response = connections.send(call, request, at.uri(), home, credentials);
            if (wanted.contains(response.status())) {
                return response;
            }
            try (response) {
                Refusal refusal = new Refusal(response, home, credentials, clock.instant());
                boolean unknown = home && response.status() == UNAUTHORIZED;
                if (unknown && authentication.refused(call, refusal) && !challenged) {
                    challenged = true;
                } else if (request.isSafe() && REDIRECTS.contains(response.status())) {
                    URI target = target(request, response);
                    home = home && Origin.of(target).equals(Origin.of(request.uri()));
                    at = request.at(target);
                    redirects++;
                } else {
                    throw dialect.failure(refusal);
                }
                drain(response);
            }
        }
        throw lost(request, "it was redirected more than " + MOST_REDIRECTS + " times", "Mend the address");
    }

    private URI target(Request request, Response response) throws UnreachableException {
        try {
            URI from = response.uri();
            URI uri = from.resolve(response.header("location").orElse(""));
            boolean web = List.of("https", "http").contains(Origin.of(uri).scheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null && !uri.equals(from)) {
                requireEncrypted(request, from, uri);
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below; the exception would quote an address that may be signed.
        }
        throw lost(request, "it was redirected to where nothing can be fetched from", "Mend the server");
    }

    private void requireEncrypted(Request request, URI from, URI to) throws UnreachableException {
        boolean local = isPlain(from) && isPlain(to) && Origin.of(to).isThisHost();
        if (isPlain(to) && !allowsHttp && !local) {
            String why = "it was redirected to " + to.getHost() + " by http://, which is not encrypted";
            throw lost(request, why, dialect.adviceOnPlainRedirects());
        }
    }

    private static boolean isPlain(URI uri) {
        return Origin.of(uri).scheme().equals("http");
    }

    private static void drain(Response response) {
        try {
            response.drain();
        } catch (IOException e) {
            // The connection cannot be used again, which is all that draining is for.
        }
    }

    private static UnreachableException lost(Request request, String why, String advice) {
        return new UnreachableException(Problem.of(request.tried(), request.on(), why, advice));
    }
}
