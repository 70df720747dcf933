package dewy.registry.grpc;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.RetryAfter;
import dewy.http.Tls;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What the status of an RPC means (https://grpc.io/docs/guides/status-codes/).
 *
 * @param tried what was asked, as a verb phrase
 * @param changes whether the server was to do something, of which is not known then whether it has
 * @param now what time it is
 */
record StatusFailure(Server server, String tried, boolean changes, Instant now) {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final String AGAIN = "It is tried again later";
    private static final String CERTIFICATE =
            "If it wants a certificate of its clients, name it with cert=; it is tried again later";
    private static final int MOST_CHARACTERS = 300;

    DewyException of(Status status, @Nullable Metadata trailers) {
        Optional<Duration> pause = pause(status, trailers);
        if (pause.isPresent()) {
            Instant until = now.plus(pause.get());
            return new RateLimitedException(problem(said(status), "It goes on by itself at " + until), until);
        }
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                new UnauthorizedException(
                        problem(said(status), "Check the certificate that cert= names, and who may ask there"));
            case NOT_FOUND ->
                new NotFoundException(problem(said(status), "Have the server know a release for this host"));
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE ->
                new InvalidException(problem(said(status), "Check artifact= in the URL, and what the server expects"));
            case UNIMPLEMENTED ->
                new InvalidException(
                        problem(said(status), "Check that the address is that of a server of dewy.RegistryService"));
            case DEADLINE_EXCEEDED -> new UnreachableException(problem("it did not answer in time", fate()));
            case UNAVAILABLE -> unavailable(status);
            default -> new UnreachableException(problem(said(status), fate()));
        };
    }

    /** Returns how long the server wants to be left alone. */
    private static Optional<Duration> pause(Status status, @Nullable Metadata trailers) {
        boolean exhausted = status.getCode() == Status.Code.RESOURCE_EXHAUSTED && trailers != null && !isOurs(status);
        if (!exhausted && status.getCode() != Status.Code.UNAVAILABLE) {
            return Optional.empty();
        }
        byte[] details = trailers == null ? null : trailers.get(DETAILS);
        Optional<Duration> asked = details == null ? Optional.empty() : retryDelay(details);
        return exhausted ? asked.or(() -> Optional.of(RetryAfter.UNSAID)) : asked;
    }

    /** An answer that is too long is refused here, by the same status. */
    private static boolean isOurs(Status status) {
        return String.valueOf(status.getDescription()).startsWith("gRPC message exceeds maximum size");
    }

    private static Optional<Duration> retryDelay(byte[] details) {
        try {
            return Messages.readRetryDelay(details).map(RetryAfter::bounded);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private DewyException unavailable(Status status) {
        Optional<Throwable> cause = root(status);
        if (cause.filter(UnknownHostException.class::isInstance).isPresent()) {
            return new UnreachableException(
                    problem("its host is not known to the name service", "Check the network and the address"));
        }
        if (cause.filter(ConnectException.class::isInstance).isPresent()) {
            return new UnreachableException(
                    problem("no connection to it can be made", "Check the network; it is tried again later"));
        }
        if (cause.filter(SSLException.class::isInstance).isPresent()) {
            return insecure(cause.get());
        }
        return new UnreachableException(problem(said(status), mayWantACertificate() ? CERTIFICATE : fate()));
    }

    /** A server of TLS 1.3 that misses a certificate may close the connection before anybody has read why. */
    private boolean mayWantACertificate() {
        return server.tls().filter(tls -> tls.identity().isEmpty()).isPresent();
    }

    private DewyException insecure(Throwable cause) {
        String why = "the connection to it failed: " + clean(cause.getMessage());
        String alert = why.toLowerCase(Locale.ROOT).replace('_', ' ');
        boolean unknown = Stream.of("certificate required", "bad certificate", "unknown ca", "certificate unknown")
                .anyMatch(word -> alert.contains("alert: " + word) || alert.contains("fatal alert: " + word));
        return unknown
                ? new UnauthorizedException(problem(
                        why, "It wants a certificate that it trusts: name it with cert=, and its key with key="))
                : new UnreachableException(problem(why, Tls.ADVICE));
    }

    private static Optional<Throwable> root(Status status) {
        Throwable at = status.getCause();
        while (at != null && at.getCause() != null && !(at instanceof SSLException)) {
            at = at.getCause();
        }
        return Optional.ofNullable(at);
    }

    private String fate() {
        return changes ? "Whether it arrived is not known" : AGAIN;
    }

    private static String said(Status status) {
        String description = status.getDescription();
        return "it answered " + status.getCode() + (description == null ? "" : ": " + clean(description));
    }

    /** A server may say anything. */
    private static String clean(@Nullable String text) {
        String line = String.valueOf(text).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "…" : line;
    }

    private Problem problem(String why, String advice) {
        return Problem.of(tried, server, why, advice);
    }
}
