package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes one HTTP request within the deadline of a call; the end of the call ends it. Safe for use by several threads. */
final class Exchange {
    private static final String UNKNOWN = "Whether the message arrived is not known";
    private static final String CHECK = "Check the network, and " + ApiAddress.VARIABLE + " where it is set";

    private final Connections connections;
    private final Problems problems;

    Exchange(Connections connections, Problems problems) {
        this.connections = connections;
        this.problems = problems;
    }

    HttpResponse<byte[]> send(Call call, URI uri, HttpRequest.Builder request) throws DewyException {
        call.check();
        CompletableFuture<HttpResponse<byte[]>> answer =
                connections.send(uri, request.timeout(call.remaining().plusNanos(1)), head -> new BoundedBody());
        try (Registration unused = call.onCancel(() -> answer.cancel(true))) {
            return answer.get(call.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw expired(e);
        } catch (CancellationException e) {
            throw ended(call, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(problems.of("it was interrupted", UNKNOWN), e);
        } catch (ExecutionException e) {
            throw failed(call, e.getCause() == null ? e : e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private DewyException ended(Call call, Throwable cause) {
        try {
            call.check();
            return new CancelledException(problems.of("the request was cancelled", UNKNOWN), cause);
        } catch (ExpiredException e) {
            return expired(e);
        } catch (CancelledException e) {
            return e;
        }
    }

    /** A cancelled request fails in several ways, of which the end of its call is the reason. */
    private DewyException failed(Call call, Throwable cause) {
        if (cause instanceof CancellationException || call.isOver()) {
            return ended(call, cause);
        }
        if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
            return expired(cause);
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new UnreachableException(problems.of(reason(cause), CHECK), cause);
        }
        if (cause instanceof IOException) {
            return new UnreachableException(problems.of(reason(cause), CHECK + ". " + UNKNOWN), cause);
        }
        return new InvalidException(
                problems.of("the HTTP client failed (" + cause.getClass().getSimpleName() + ")", ""), cause);
    }

    private ExpiredException expired(Throwable cause) {
        return new ExpiredException(problems.of("Slack did not answer within the time allowed", UNKNOWN), cause);
    }

    private static String reason(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof UnresolvedAddressException) {
                return "the name of Slack's host is not known";
            }
        }
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? "no connection (" + cause.getClass().getSimpleName() + ")"
                : message;
    }
}
