package dewy.artifact.http;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** Turns an answer that refuses into a typed failure. What the body says is not repeated: it may hold anything. */
final class Refusal {
    private Refusal() {}

    /**
     * Returns the failure that an answer means.
     *
     * @param from who answered: the question's own address, or where that redirected to
     * @param known whether credentials were sent
     */
    static DewyException of(Question question, Response response, URI from, boolean known, Instant now) {
        Optional<Instant> until = RetryAfter.of(response, now);
        if (until.isPresent()) {
            String advice = "It goes on by itself at " + until.get();
            return new RateLimitedException(problem(question, response, from, advice), until.get());
        }
        return switch (response.status()) {
            case 401 -> new UnauthorizedException(problem(question, response, from, identify(known)));
            case 403 ->
                new UnauthorizedException(problem(
                        question,
                        response,
                        from,
                        identify(known) + ". Some stores answer so where there is no such file"));
            case 404, 410 ->
                new NotFoundException(problem(question, response, from, "Upload it there, or mend the address"));
            case 407 ->
                new UnauthorizedException(problem(
                        question, response, from, "Give the proxy's user and password in HTTPS_PROXY or HTTP_PROXY"));
            default -> new UnreachableException(problem(question, response, from, "It is tried again later"));
        };
    }

    private static String identify(boolean known) {
        return known
                ? "Check that the credentials are valid and may read it"
                : "Give credentials: a header named by header=env:NAME, or a password in ~/.netrc";
    }

    private static Problem problem(Question question, Response response, URI from, String advice) {
        String who = response.status() == 407 ? "the proxy" : Origin.of(from).toString();
        return Problem.of(question.tried(), question.uri(), who + " answered " + response.status(), advice);
    }
}
