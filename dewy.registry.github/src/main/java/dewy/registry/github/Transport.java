package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one request at a time of a call and waits for the head of its answer. Safe for use by several threads. */
final class Transport {
    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

    /** What the first request opens. */
    private record Opened(HttpClient client, ProxyEnvironment proxies) {}

    private final Environment environment;
    private final Duration patience;
    private Optional<Opened> opened = Optional.empty();

    /** Makes a transport whose reads wait as long as {@code patience} for the next bytes. */
    Transport(Environment environment, Duration patience) {
        this.environment = environment;
        this.patience = patience;
    }

    /**
     * Sends a request.
     *
     * @param uri where to send it: the request's own address, or where that redirected to
     * @throws UnreachableException if no answer came; every answer is returned, whatever its status
     */
    Response send(Call call, ApiRequest request, URI uri, Optional<Token> token) throws DewyException {
        call.check();
        Opened through = opened();
        CompletableFuture<HttpResponse<StreamedBody>> answer = through.client()
                .sendAsync(build(call, request, uri, token, through), head -> new StreamedBody(call, patience));
        Registration cancellation = call.onCancel(() -> abandon(answer));
        try {
            HttpResponse<StreamedBody> response = answer.get(limit(call).toNanos(), TimeUnit.NANOSECONDS);
            LOG.debug("{} {}: {}", request.method(), plain(uri), response.statusCode());
            return new Response(response, cancellation);
        } catch (Exception e) {
            cancellation.close();
            abandon(answer);
            throw failure(call, request, uri, e);
        }
    }

    private synchronized Opened opened() throws InvalidException {
        if (opened.isEmpty()) {
            ProxyEnvironment proxies = ProxyEnvironment.of(environment::variable);
            HttpClient client = proxies.through(HttpClient.newBuilder())
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT)
                    .build();
            opened = Optional.of(new Opened(client, proxies));
        }
        return opened.orElseThrow();
    }

    private static HttpRequest build(Call call, ApiRequest request, URI uri, Optional<Token> token, Opened through) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(limit(call));
        through.proxies().authorize(builder, uri);
        builder.header("User-Agent", "dewy").header("X-GitHub-Api-Version", "2022-11-28");
        request.headers().forEach(builder::header);
        token.ifPresent(known -> builder.header("Authorization", known.authorization()));
        request.body().ifPresent(body -> builder.POST(BodyPublishers.ofByteArray(body)));
        return builder.build();
    }

    private static Duration limit(Call call) {
        Duration left = call.remaining().compareTo(LONGEST_ANSWER) < 0 ? call.remaining() : LONGEST_ANSWER;
        return left.isZero() ? Duration.ofNanos(1) : left;
    }

    /** Frees the connection, whether the answer is still awaited or its body is arriving. */
    private static void abandon(CompletableFuture<HttpResponse<StreamedBody>> answer) {
        if (!answer.cancel(true)) {
            var unused = answer.thenAccept(response -> response.body().close());
        }
    }

    private static DewyException failure(Call call, ApiRequest request, URI uri, Exception e) throws DewyException {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        call.check();
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        String advice = "Check the network; it is tried again later";
        Problem problem = Problem.of(request.tried(), request.on(), why(uri, cause), advice);
        return new UnreachableException(problem, cause);
    }

    private static String why(URI uri, Throwable cause) {
        String host = uri.getRawAuthority();
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return host + " did not answer in time";
        }
        if (cause instanceof ConnectException connect) {
            boolean unknown = connect.getCause() instanceof UnresolvedAddressException;
            return unknown ? host + " is not known to the name service" : "no connection to " + host + " can be made";
        }
        if (cause instanceof UnknownHostException) {
            return host + " is not known to the name service";
        }
        boolean told = cause instanceof IOException && cause.getMessage() != null;
        return "the connection to " + host + " failed" + (told ? ": " + cause.getMessage() : "");
    }

    /** Returns an address for the log: queries of redirected downloads are signatures. */
    private static String plain(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }
}
