package dewy.notifier.slack;

import dewy.api.InvalidException;
import dewy.api.http.ProxyEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The HTTP client that all notifiers of this bundle share: made by the first request, so that configuring a notifier
 * costs neither a thread nor a socket. Safe for use by several threads.
 */
final class Connections {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private record Opened(HttpClient client, ProxyEnvironment proxies) {}

    private final Function<String, Optional<String>> environment;
    private Optional<Opened> opened = Optional.empty();

    /** Makes connections through the proxies that variables name. */
    Connections(Function<String, Optional<String>> environment) {
        this.environment = environment;
    }

    <T> CompletableFuture<HttpResponse<T>> send(URI uri, HttpRequest.Builder request, BodyHandler<T> body)
            throws InvalidException {
        Opened through = opened();
        return through.client()
                .sendAsync(through.proxies().authorize(request.uri(uri), uri).build(), body);
    }

    /** Forgets the client, which ends once its last request has. */
    synchronized void forget() {
        opened = Optional.empty();
    }

    private synchronized Opened opened() throws InvalidException {
        if (opened.isEmpty()) {
            ProxyEnvironment proxies = ProxyEnvironment.of(environment);
            // Redirects are not followed: they would carry the token to another host.
            HttpClient client = proxies.through(HttpClient.newBuilder())
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_LIMIT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
            opened = Optional.of(new Opened(client, proxies));
        }
        return opened.orElseThrow();
    }
}
