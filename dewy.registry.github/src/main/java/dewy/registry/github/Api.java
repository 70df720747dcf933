package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Asks GitHub with credentials. Redirects are followed here, because the credentials go to the API alone: not to the
 * store that holds the assets, and not back once a request has left. Safe for use by several threads.
 */
final class Api {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;

    private final Transport transport;
    private final ApiAddress address;
    private final Credentials credentials;
    private final InstantSource clock;

    Api(Transport transport, ApiAddress address, Credentials credentials, InstantSource clock) {
        this.transport = transport;
        this.address = address;
        this.credentials = credentials;
        this.clock = clock;
    }

    ApiAddress address() {
        return address;
    }

    /** Returns whether requests are made in somebody's name. */
    boolean isAnonymous(Call call) throws DewyException {
        return credentials.token(call).isEmpty();
    }

    /**
     * Asks.
     *
     * @param accepted the statuses that are not a failure
     * @return the answer, for the caller to close
     */
    Response ask(Call call, ApiRequest request, Integer... accepted) throws DewyException {
        URI uri = request.uri();
        boolean home = isTrusted(request, uri);
        Optional<Token> token = home ? credentials.token(call) : Optional.empty();
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Response response = transport.send(call, request, uri, token);
            if (Set.of(accepted).contains(response.status())) {
                return response;
            }
            try (response) {
                if (request.body().isPresent() || !REDIRECTS.contains(response.status())) {
                    throw refusal(request, response, home, token);
                }
                uri = target(request, response, uri);
                home = home && address.isHome(uri);
                token = home ? token : Optional.empty();
                drain(response);
            }
        }
        throw unreachable(request, "it was redirected more than " + MOST_REDIRECTS + " times");
    }

    private boolean isTrusted(ApiRequest request, URI uri) {
        return request.body().isPresent() ? address.takesUploads(uri) : address.isHome(uri);
    }

    private DewyException refusal(ApiRequest request, Response response, boolean home, Optional<Token> token) {
        if (response.status() == 401) {
            token.ifPresent(credentials::refused);
        }
        return Refusal.of(request, response, home, token, clock.instant());
    }

    private URI target(ApiRequest request, Response response, URI from) throws UnreachableException {
        try {
            URI uri = from.resolve(response.header("location").orElse(""));
            if (address.mayLeadTo(uri) && !uri.equals(from)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below; the exception would quote an address that may be signed.
        }
        throw unreachable(request, "it was redirected to where nothing may be fetched from");
    }

    private static void drain(Response response) {
        try {
            response.drain();
        } catch (IOException e) {
            // The connection cannot be used again, which is all that draining is for.
        }
    }

    private static UnreachableException unreachable(ApiRequest request, String why) {
        return new UnreachableException(Problem.of(request.tried(), request.on(), why, ""));
    }
}
