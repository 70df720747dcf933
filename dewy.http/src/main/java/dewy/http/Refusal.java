package dewy.http;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An answer that is not one of those hoped for.
 *
 * @param response the answer
 * @param home whether the origin that was asked answered, and not another one that it redirected to
 * @param credentials what this answer was given to
 * @param now what time it is
 */
public record Refusal(Response response, boolean home, Credentials credentials, Instant now) {
    private static final String AGAIN = "It is tried again later";

    /** Returns the ways in which the server wants to be shown who asks. */
    public List<Challenge> challenges() {
        return Challenge.of(response);
    }

    /**
     * Returns the failure that it means wherever HTTP is spoken. What the body says is not repeated: it may hold anything.
     *
     * @param identify what to do about credentials
     */
    public DewyException standard(String identify) {
        int status = response.status();
        Optional<Instant> until = RetryAfter.of(response, now).map(now::plus);
        if (until.isPresent()) {
            return new RateLimitedException(problem("It goes on by itself at " + until.get()), until.get());
        }
        return switch (status) {
            case 401, 403 -> new UnauthorizedException(problem(identify));
            case 404, 410 ->
                new NotFoundException(problem(
                        response.request().isSafe() ? "Upload it there, or mend the address" : "Mend the address"));
            case 407 ->
                new UnauthorizedException(problem("Give the proxy's user and password in HTTPS_PROXY or HTTP_PROXY"));
            default -> other(status);
        };
    }

    /** What was refused for good is not worth another try; what is only asked for may be there another time. */
    private DewyException other(int status) {
        Request request = response.request();
        if (request.isSafe()) {
            return new UnreachableException(problem(AGAIN));
        }
        return status >= 500
                ? new UnreachableException(problem(request.fate()))
                : new InvalidException(problem("Check the address, and proxies in between"));
    }

    private Problem problem(String advice) {
        String who = response.status() == 407
                ? "the proxy"
                : Origin.of(response.uri()).toString();
        Request request = response.request();
        return Problem.of(request.tried(), request.on(), who + " answered " + response.status(), advice);
    }
}
