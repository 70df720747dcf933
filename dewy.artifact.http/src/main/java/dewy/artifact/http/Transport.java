package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import dewy.api.http.ProxyEnvironment;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Sends a request, by a proxy where one is set, and waits for the head of its answer. Safe for use by several threads. */
final class Transport {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

    private final ProxyEnvironment proxies;
    private final Optional<SSLContext> security;
    private final Duration patience;
    private Optional<HttpClient> client = Optional.empty();

    /** Makes a transport whose reads wait as long as {@code patience} for the next bytes. */
    Transport(ProxyEnvironment proxies, Optional<SSLContext> security, Duration patience) {
        this.proxies = proxies;
        this.security = security;
        this.patience = patience;
    }

    /**
     * Sends a request.
     *
     * @param uri where to send it: the question's own address, or where that redirected to
     * @param credentials headers that this address may see
     * @throws UnreachableException if no answer came; every answer is returned, whatever its status
     */
    Response send(Call call, Question question, URI uri, Map<String, String> credentials) throws DewyException {
        call.check();
        CompletableFuture<HttpResponse<ArrivingBody>> answer =
                client().sendAsync(build(call, question, uri, credentials), head -> new ArrivingBody(call, patience));
        Registration cancellation = call.onCancel(() -> abandon(answer));
        try {
            return new Response(answer.get(limit(call).toNanos(), TimeUnit.NANOSECONDS), cancellation);
        } catch (Exception e) {
            cancellation.close();
            abandon(answer);
            throw failure(call, question, uri, e);
        }
    }

    /** Lets go of the connections; those in use are closed by whoever uses them. */
    synchronized void close() {
        client = Optional.empty();
    }

    private synchronized HttpClient client() {
        if (client.isEmpty()) {
            HttpClient.Builder builder = proxies.through(HttpClient.newBuilder())
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT);
            security.ifPresent(builder::sslContext);
            client = Optional.of(builder.build());
        }
        return client.get();
    }

    private HttpRequest build(Call call, Question question, URI uri, Map<String, String> credentials) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(question.method(), BodyPublishers.noBody())
                .timeout(limit(call))
                .setHeader("User-Agent", "dewy");
        question.headers().forEach(builder::setHeader);
        credentials.forEach(builder::setHeader);
        return proxies.authorize(builder, uri).build();
    }

    private static Duration limit(Call call) {
        Duration left = call.remaining().compareTo(LONGEST_ANSWER) < 0 ? call.remaining() : LONGEST_ANSWER;
        return left.isZero() ? Duration.ofNanos(1) : left;
    }

    /** Frees the connection, whether the answer is still awaited or its body is arriving. */
    private static void abandon(CompletableFuture<HttpResponse<ArrivingBody>> answer) {
        if (!answer.cancel(true)) {
            var unused = answer.thenAccept(response -> response.body().close());
        }
    }

    private DewyException failure(Call call, Question question, URI uri, Exception e) throws DewyException {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        call.check();
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        Optional<String> proxy = proxies.nameFor(uri);
        String by = proxy.map(name -> " by the proxy " + name).orElse("");
        String advice = cause instanceof SSLException
                ? "If its certificate is signed by an authority of your own, name that with ca=/path/to/file.pem"
                : "Check the network" + (proxy.isPresent() ? " and the proxy" : "") + "; it is tried again later";
        return new UnreachableException(
                Problem.of(question.tried(), question.uri(), why(Origin.of(uri) + by, cause), advice), cause);
    }

    private static String why(String whom, Throwable cause) {
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return whom + " did not answer in time";
        }
        boolean unknown = cause instanceof UnknownHostException
                || (cause instanceof ConnectException && cause.getCause() instanceof UnresolvedAddressException);
        if (unknown) {
            return whom + " is not known to the name service";
        }
        if (cause instanceof ConnectException) {
            return "no connection to " + whom + " can be made";
        }
        boolean told = cause instanceof IOException && cause.getMessage() != null;
        return "the connection to " + whom + " failed" + (told ? ": " + cause.getMessage() : "");
    }
}
