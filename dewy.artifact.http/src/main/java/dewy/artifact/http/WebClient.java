package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks a web server with credentials. Redirects are followed here, because credentials go to the origin that was asked
 * alone: they do not leave it, and do not come back once a request has left. Safe for use by several threads.
 */
final class WebClient implements AutoCloseable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 10;

    private final Transport transport;
    private final Credentials credentials;
    private final boolean allowsHttp;
    private final InstantSource clock;

    WebClient(Transport transport, Credentials credentials, boolean allowsHttp, InstantSource clock) {
        this.transport = transport;
        this.credentials = credentials;
        this.allowsHttp = allowsHttp;
        this.clock = clock;
    }

    /**
     * Asks.
     *
     * @param accepted the statuses that are not a failure
     * @return the answer, for the caller to close
     */
    Response ask(Call call, Question question, Integer... accepted) throws DewyException {
        List<Integer> wanted = List.of(accepted);
        URI uri = question.uri();
        Map<String, String> known = credentials.of(Origin.of(uri).host());
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Response response = transport.send(call, question, uri, known);
            if (wanted.contains(response.status())) {
                return response;
            }
            try (response) {
                if (!REDIRECTS.contains(response.status())) {
                    throw Refusal.of(question, response, uri, !known.isEmpty(), clock.instant());
                }
                URI target = target(question, response, uri);
                known = Origin.of(target).equals(Origin.of(uri)) ? known : Map.of();
                uri = target;
            }
        }
        throw lost(question, "it was redirected more than " + MOST_REDIRECTS + " times", "Mend the address");
    }

    @Override
    public void close() {
        transport.close();
    }

    private URI target(Question question, Response response, URI from) throws UnreachableException {
        try {
            URI uri = from.resolve(response.header("location").orElse(""));
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            boolean plain = "http".equalsIgnoreCase(uri.getScheme());
            if (plain && !allowsHttp) {
                String why = "it was redirected to " + uri.getHost() + " by http://, which is not encrypted";
                throw lost(question, why, "Mend the server, or give --allow-http where the network is trusted");
            }
            if ((secure || plain) && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below; the exception would quote an address that may be signed.
        }
        throw lost(question, "it was redirected to where nothing can be fetched from", "Mend the server");
    }

    private static UnreachableException lost(Question question, String why, String advice) {
        return new UnreachableException(Problem.of(question.tried(), question.uri(), why, advice));
    }
}
