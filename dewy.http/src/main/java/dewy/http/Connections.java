package dewy.http;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to servers, made by a client that the first request opens, so that to configure something costs neither
 * a thread nor a socket. Sends a request and waits for the head of its answer. Safe for use by several threads.
 */
public final class Connections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

    private final Network network;
    private final Duration patience;
    /** One for all, and another one where a certificate is shown to some only. */
    private final Map<Tls, HttpClient> clients = new HashMap<>();

    /** Makes connections of which a read waits as long as {@code patience} for the next bytes. */
    public Connections(Network network, Duration patience) {
        this.network = network;
        this.patience = patience;
    }

    /** Lets go of the clients, which end once those that use them have. */
    @Override
    public synchronized void close() {
        clients.clear();
    }

    /**
     * Sends a request as it is, for whoever signs requests itself: it is neither redirected nor judged.
     *
     * @return the answer, for the caller to close
     * @throws UnreachableException if no answer came; every answer is returned, whatever its status
     */
    public Response send(Call call, Request request) throws DewyException {
        return send(call, request, request.uri(), true, Credentials.NONE);
    }

    /**
     * Sends a request.
     *
     * @param uri where to send it: the request's own address, or where that redirected to
     * @param home whether that is the origin that was asked first, which alone is shown the certificate of a client
     * @param credentials what this address may see
     * @throws UnreachableException if no answer came; every answer is returned, whatever its status
     */
    Response send(Call call, Request request, URI uri, boolean home, Credentials credentials) throws DewyException {
        call.check();
        Duration left = call.remaining();
        Duration limit = left.compareTo(LONGEST_ANSWER) < 0 ? left.plusNanos(1) : LONGEST_ANSWER;
        HttpClient client = client(home ? network.tls() : network.tls().withoutIdentity());
        CompletableFuture<HttpResponse<ArrivingBody>> answer =
                client.sendAsync(build(request, uri, credentials), head -> new ArrivingBody(call, patience));
        Registration cancellation = call.onCancel(() -> abandon(answer));
        try {
            HttpResponse<ArrivingBody> response = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            LOG.debug("{} {}: {}", request.method(), shown(request, uri), response.statusCode());
            return new Response(call, request, uri, response, cancellation);
        } catch (Exception e) {
            cancellation.close();
            abandon(answer);
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            if (isLate(call, cause, limit)) {
                throw late(request, uri, cause);
            }
            throw unreachable(request, uri, cause);
        }
    }

    private synchronized HttpClient client(Tls tls) {
        return clients.computeIfAbsent(tls, this::open);
    }

    private HttpClient open(Tls tls) {
        HttpClient.Builder builder = network.proxies()
                .through(HttpClient.newBuilder())
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        tls.context().ifPresent(builder::sslContext);
        return builder.build();
    }

    /** How long it may take is seen to by whoever waits: the client's own limit ends downloads too, from Java 26 on. */
    private HttpRequest build(Request request, URI uri, Credentials credentials) {
        BodyPublisher body = request.body().map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody);
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri).method(request.method(), body).setHeader("User-Agent", "dewy");
        request.headers().forEach(builder::setHeader);
        credentials.headers().forEach(builder::setHeader);
        return network.proxies().authorize(builder, uri).build();
    }

    /** Frees the connection, whether the answer is still awaited or its body is arriving. */
    private static void abandon(CompletableFuture<HttpResponse<ArrivingBody>> answer) {
        if (!answer.cancel(true)) {
            var unused = answer.thenAccept(response -> response.body().close());
        }
    }

    /**
     * Returns whether the time of the call ended the request.
     *
     * @throws DewyException if the call was cancelled
     */
    private static boolean isLate(Call call, Throwable cause, Duration limit) throws DewyException {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        try {
            call.check();
        } catch (ExpiredException e) {
            return true;
        }
        boolean timedOut = cause instanceof TimeoutException || cause instanceof HttpTimeoutException;
        return timedOut && !(cause instanceof HttpConnectTimeoutException) && limit.compareTo(LONGEST_ANSWER) < 0;
    }

    private ExpiredException late(Request request, URI uri, Throwable cause) {
        String why = who(uri) + " did not answer within the time allowed";
        return new ExpiredException(Problem.of(request.tried(), request.on(), why, request.fate()), cause);
    }

    private UnreachableException unreachable(Request request, URI uri, Throwable cause) {
        boolean never = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
        String advice = cause instanceof SSLException ? Tls.ADVICE : checkTheNetwork(request, uri);
        String fate = never || request.isSafe() ? "" : ". " + request.fate();
        return new UnreachableException(
                Problem.of(request.tried(), request.on(), why(who(uri), cause), advice + fate), cause);
    }

    private String checkTheNetwork(Request request, URI uri) {
        String what = network.proxies().nameFor(uri).isPresent() ? " and the proxy" : "";
        return "Check the network" + what + (request.isSafe() ? "; it is tried again later" : "");
    }

    private String who(URI uri) {
        String by = network.proxies()
                .nameFor(uri)
                .map(name -> " by the proxy " + name)
                .orElse("");
        return Origin.of(uri) + by;
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

    /** Queries of redirected downloads are signatures, and the path of a web hook is what lets one post there. */
    private static String shown(Request request, URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + (request.isSafe() ? uri.getRawPath() : "");
    }
}
