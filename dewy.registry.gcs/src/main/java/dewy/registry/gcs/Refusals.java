package dewy.registry.gcs;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Response;
import dewy.http.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What answers mean that are not the ones hoped for; see "HTTP status and error codes for JSON" in the documentation of Cloud
 * Storage.
 *
 * @param location whose bucket was asked for
 */
record Refusals(Location location, InstantSource clock) {
    private static final int LONGEST_MESSAGE = 300;
    private static final Set<String> BUSY =
            Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded");
    private static final String IDENTIFY = "Set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account or of a"
            + " workload identity, or run gcloud auth application-default login, or give the host a service account";

    /** There are no credentials, or they cannot be used. */
    static final class NoCredentials extends IOException {
        private static final long serialVersionUID = 1L;

        NoCredentials(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** What GCS says. */
    private record Said(int status, String reason, String message) {
        static Said of(HttpResponseException e) {
            if (e instanceof GoogleJsonResponseException json && json.getDetails() != null) {
                GoogleJsonError details = json.getDetails();
                String reason =
                        details.getErrors() == null || details.getErrors().isEmpty()
                                ? ""
                                : text(details.getErrors().get(0).getReason());
                return new Said(e.getStatusCode(), reason, text(details.getMessage()));
            }
            return new Said(e.getStatusCode(), "", text(e.getContent()));
        }

        boolean isOfBucket() {
            return status == 404 && message.contains("bucket does not exist");
        }

        String sentence() {
            String shown = shorten(message);
            return "GCS answered " + status + (reason.isEmpty() ? "" : " " + reason)
                    + (shown.isEmpty() ? "" : ", \"" + shown + "\"");
        }
    }

    /** Returns with which status GCS answered, where that is why a question failed. */
    static Optional<Integer> status(Throwable failure) {
        return find(failure, HttpResponseException.class).map(HttpResponseException::getStatusCode);
    }

    /** Returns whether it is the bucket that is not there. */
    static boolean isOfBucket(Throwable failure) {
        return find(failure, HttpResponseException.class)
                .filter(e -> Said.of(e).isOfBucket())
                .isPresent();
    }

    /** Returns the failure that an exception of the SDK stands for. */
    DewyException failure(Errand errand, Throwable e) {
        Optional<Transport.Carried> carried = find(e, Transport.Carried.class);
        if (carried.isPresent()) {
            return carried.get().failure();
        }
        Optional<NoCredentials> none = find(e, NoCredentials.class);
        if (none.isPresent()) {
            return new UnauthorizedException(
                    problem(
                            errand,
                            "there are no credentials: "
                                    + shorten(text(none.get().getMessage())),
                            IDENTIFY),
                    e);
        }
        Optional<HttpResponseException> refused = find(e, HttpResponseException.class);
        if (isOfCredentials(e)) {
            return credentials(
                    errand, e, refused.map(HttpResponseException::getStatusCode).orElse(0));
        }
        if (refused.isPresent()) {
            return refused(errand, Said.of(refused.get()));
        }
        String why = "the answer cannot be used: " + shorten(text(e.getMessage()));
        return new UnreachableException(problem(errand, why, "Check the endpoint, if the URL names one"), e);
    }

    private DewyException refused(Errand errand, Said said) {
        Optional<Duration> wait = wait(errand, said);
        if (wait.isPresent()) {
            Instant until = clock.instant().plus(wait.get());
            return new RateLimitedException(
                    problem(
                            errand,
                            said.sentence() + " (until " + until + ")",
                            "It goes on by itself; a longer --interval asks for less"),
                    until);
        }
        if (said.isOfBucket() || (said.status() == 404 && errand.on().equals(location.toString()))) {
            return new NotFoundException(problem(
                    errand,
                    "there is no bucket " + location.bucket(),
                    "Make it, or correct the registry's URL or its endpoint"));
        }
        return switch (said.status()) {
            case 401 ->
                new UnauthorizedException(problem(
                        errand, said.sentence(), "Check that the credentials are valid, not expired or revoked"));
            case 403 ->
                new UnauthorizedException(problem(
                        errand,
                        said.sentence(),
                        "Let the credentials do storage.objects.list and storage.objects.get there, and for reports"
                                + " storage.objects.create"));
            case 404 -> new NotFoundException(problem(errand, said.sentence(), "Upload it there, or correct the URL"));
            case 400, 405, 412, 501 ->
                new InvalidException(problem(errand, said.sentence(), "Check the URL and its parameters"));
            default -> new UnreachableException(problem(errand, said.sentence(), "It is tried again later"));
        };
    }

    /** What gives out credentials may be busy as well; whatever else it says is about them. */
    private static DewyException credentials(Errand errand, Throwable e, int status) {
        String why = "the credentials were refused where they get a token: " + shorten(text(e.getMessage()));
        return status == 429 || status >= 500
                ? new UnreachableException(problem(errand, why, "It is tried again later"), e)
                : new UnauthorizedException(
                        problem(errand, why, "Check that they are valid, not expired or revoked"), e);
    }

    private static Optional<Duration> wait(Errand errand, Said said) {
        boolean busy = said.status() == 429 || said.status() == 503 || BUSY.contains(said.reason());
        Optional<Response> answer = errand.answer().filter(any -> busy);
        return answer.map(
                response -> RetryAfter.said(response, response.time("date").orElse(Instant.EPOCH))
                        .orElse(RetryAfter.UNSAID));
    }

    private static boolean isOfCredentials(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && cause instanceof Retryable) {
                return true;
            }
        }
        return false;
    }

    private static <T> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String shorten(String message) {
        String line = message.replaceAll("\\s+|\\p{Cntrl}+", " ").strip();
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }

    private static Problem problem(Errand errand, String why, String advice) {
        return Problem.of(errand.tried(), errand.on(), why, advice);
    }
}
