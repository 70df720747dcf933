package dewy.registry.s3;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Response;
import dewy.http.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What answers mean that are not the ones hoped for; see "Error responses" in the API reference of Amazon S3.
 *
 * @param location whose region and bucket were asked for
 */
record Refusals(Location location, InstantSource clock) {
    private static final int LONGEST_MESSAGE = 200;
    private static final int LONGEST_REASONS = 700;
    private static final Pattern REGION = Pattern.compile("expecting '([a-z0-9-]+)'");
    private static final Set<String> BUSY = Set.of(
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "TooManyRequests",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded");
    private static final Set<String> UNKNOWN = Set.of(
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidToken",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidClientTokenId",
            "InvalidIdentityToken",
            "TokenRefreshRequired",
            "UnauthorizedAccess");

    private static final String IDENTIFY =
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the host"
                    + " a role that may do it";

    /** Returns the failure that an exception of the SDK stands for. */
    DewyException failure(Errand errand, SdkException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Transport.Carried carried) {
                return carried.failure();
            }
        }
        if (e instanceof AwsServiceException refused) {
            return refused(errand, refused);
        }
        String why = String.valueOf(e.getMessage());
        if (why.contains("credentials")) {
            return new UnauthorizedException(problem(errand, "there are no credentials: " + reasons(why), IDENTIFY), e);
        }
        return new UnreachableException(problem(errand, "the answer cannot be used: " + shorten(why), ""), e);
    }

    private DewyException refused(Errand errand, AwsServiceException e) {
        String code = code(e);
        int status = e.statusCode();
        String why = "S3 answered " + status + said(e);
        Optional<String> region = region(errand, e);
        if (region.isPresent()) {
            String there = "the bucket is in the region " + region.get() + ", not " + location.region();
            return new InvalidException(
                    problem(errand, there, "Write s3://" + region.get() + "/" + location.bucket() + " in the URL"));
        }
        Optional<Duration> wait = wait(errand, status, code);
        if (wait.isPresent()) {
            Instant until = clock.instant().plus(wait.get());
            return new RateLimitedException(
                    problem(
                            errand,
                            why + " (until " + until + ")",
                            "It goes on by itself; a longer --interval asks for less"),
                    until);
        }
        if (code.equals("NoSuchBucket")) {
            return new NotFoundException(problem(
                    errand,
                    "there is no bucket " + location.bucket(),
                    "Make it, or correct the registry's URL or its endpoint"));
        }
        if (code.equals("RequestTimeTooSkewed")) {
            return new UnauthorizedException(problem(errand, why, "Set the clock of this host"));
        }
        if (UNKNOWN.contains(code) || status == 401) {
            return new UnauthorizedException(
                    problem(errand, why, "Check that the credentials are valid, not expired, and of this endpoint"));
        }
        return switch (status) {
            case 403 ->
                new UnauthorizedException(problem(
                        errand,
                        why,
                        "Let the credentials do s3:ListBucket, s3:GetObject, and for reports s3:PutObject there."
                                + " Without s3:ListBucket S3 answers so where there is no such object"));
            case 404 -> new NotFoundException(problem(errand, why, "Upload it there, or correct the URL"));
            case 400, 405, 501 ->
                new InvalidException(problem(errand, why, "Check the URL, and that its endpoint is S3"));
            default -> new UnreachableException(problem(errand, why, "It is tried again later"));
        };
    }

    private static Optional<Duration> wait(Errand errand, int status, String code) {
        Instant now = Instant.EPOCH;
        Optional<Response> answer = errand.answer();
        Optional<Duration> said = answer.flatMap(
                response -> RetryAfter.said(response, response.time("date").orElse(now)));
        boolean busy = status == 429 || BUSY.contains(code);
        return busy ? said.or(() -> Optional.of(RetryAfter.UNSAID)) : said.filter(any -> status == 503);
    }

    /** Returns in which region the bucket is, where that is why it was refused. */
    private Optional<String> region(Errand errand, AwsServiceException e) {
        boolean redirected = e.statusCode() == 301 || e.statusCode() == 307 || code(e).equals("PermanentRedirect");
        boolean misdirected = code(e).equals("AuthorizationHeaderMalformed")
                || code(e).equals("IllegalLocationConstraintException")
                || e.statusCode() == 400;
        if (!redirected && !misdirected) {
            return Optional.empty();
        }
        Matcher expected = REGION.matcher(message(e));
        return errand.answer()
                .flatMap(response -> response.header("x-amz-bucket-region"))
                .or(() -> expected.find() ? Optional.of(expected.group(1)) : Optional.empty())
                .filter(region -> !region.equals(location.region()));
    }

    static String code(AwsServiceException e) {
        AwsErrorDetails details = details(e);
        return text(details == null ? null : details.errorCode());
    }

    private static String message(AwsServiceException e) {
        AwsErrorDetails details = details(e);
        return text(details == null ? null : details.errorMessage());
    }

    private static @Nullable AwsErrorDetails details(AwsServiceException e) {
        return e.awsErrorDetails();
    }

    private static String said(AwsServiceException e) {
        String code = code(e);
        String message = shorten(message(e));
        return (code.isEmpty() ? "" : " " + code) + (message.isEmpty() ? "" : ", \"" + message + "\"");
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Returns why each way to credentials gave none, but for the first two, whose reason is that nobody set the variables. */
    private static String reasons(String message) {
        int third = message.lastIndexOf("WebIdentityTokenFileCredentialsProvider():");
        String rest = third < 0 ? message : message.substring(third);
        return shorten(rest.replaceAll("CredentialsProvider\\([^:]*\\):", ":"), LONGEST_REASONS);
    }

    private static String shorten(String message) {
        return shorten(message, LONGEST_MESSAGE);
    }

    private static String shorten(String message, int longest) {
        String line = message.replaceAll("\\p{Cntrl}+", " ")
                .replaceFirst(" \\(SDK Attempt Count: \\d+\\)$", "")
                .strip();
        return line.length() > longest ? line.substring(0, longest) + "…" : line;
    }

    private static Problem problem(Errand errand, String why, String advice) {
        return Problem.of(errand.tried(), errand.on(), why, advice);
    }
}
