package dewy.telemetry;

import dewy.api.Problem;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once when something cannot be sent any more, and once when it can again. Safe for use by several threads.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");
    private static final String GRPC_PORT = ":4317";

    private final String what;
    private final String address;
    private boolean failing;

    /**
     * @param what what is sent, in a word
     * @param address where to
     */
    Delivery(String what, String address) {
        this.what = what;
        this.address = address;
    }

    /** Looks at how it ends; returns it. */
    CompletableResultCode watch(CompletableResultCode sending) {
        return sending.whenComplete(() -> ended(sending));
    }

    private synchronized void ended(CompletableResultCode sending) {
        if (sending.isSuccess() && failing) {
            LOG.atInfo().addKeyValue("endpoint", address).log("Telemetry is sent again");
        } else if (!sending.isSuccess() && !failing) {
            Problem problem = problem(Optional.ofNullable(sending.getFailureThrowable()));
            LOG.atWarn().addKeyValue("error", problem.sentence()).log("Telemetry is not sent; it goes on trying");
        }
        failing = !sending.isSuccess();
    }

    private Problem problem(Optional<Throwable> failure) {
        if (failure.orElse(null) instanceof HttpExportException refused && refused.failedWithResponse()) {
            int status = refused.getResponse().getStatusCode();
            return problem("it answered " + status, advice(status));
        }
        Optional<Throwable> cause = failure.map(Delivery::first);
        String why = cause.map(Delivery::words).orElse("it does not answer");
        if (cause.filter(SSLException.class::isInstance).isPresent()) {
            return problem(
                    "TLS does not come about: " + why,
                    "Name an authority by OTEL_EXPORTER_OTLP_CERTIFICATE, or write http:// where it speaks no TLS");
        }
        return problem(why, isGrpc() ? speaksHttp() : "Check that a collector listens there for OTLP over HTTP");
    }

    private static Throwable first(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null || failure instanceof SSLException ? failure : first(cause);
    }

    private static String words(Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof ClosedChannelException) {
            return "nobody listens there";
        }
        if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
            return "there is no host of that name";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private String advice(int status) {
        return switch (status) {
            case 401, 403 -> "Say who asks by OTEL_EXPORTER_OTLP_HEADERS";
            case 404, 405, 415 -> speaksHttp();
            default -> "See what it says itself";
        };
    }

    private boolean isGrpc() {
        return Optional.ofNullable(URI.create(address).getAuthority())
                .filter(host -> host.endsWith(GRPC_PORT))
                .isPresent();
    }

    private static String speaksHttp() {
        return "Name where it takes OTLP over HTTP, which has the port 4318 as a rule; 4317 is that of gRPC";
    }

    private Problem problem(String why, String advice) {
        return Problem.of("send " + what + " to", address, why, advice);
    }
}
