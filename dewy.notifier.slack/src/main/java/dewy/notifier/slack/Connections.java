package dewy.notifier.slack;

import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client that all notifiers of this bundle share: made by the first request, so that configuring a notifier
 * costs neither a thread nor a socket. Safe for use by several threads.
 */
final class Connections {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private @Nullable HttpClient client;

    synchronized HttpClient client() {
        HttpClient present = client;
        if (present == null) {
            // Redirects are not followed: they would carry the token to another host.
            present = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_LIMIT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
            client = present;
        }
        return present;
    }

    /** Forgets the client, which ends once its last request has. */
    synchronized void forget() {
        client = null;
    }
}
