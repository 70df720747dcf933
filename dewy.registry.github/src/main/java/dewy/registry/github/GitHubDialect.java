package dewy.registry.github;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Credentials;
import dewy.http.Dialect;
import dewy.http.Refusal;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.RetryAfter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What GitHub's answers mean that are not the ones hoped for; see "Rate limits for the REST API" in its documentation. */
final class GitHubDialect implements Dialect {
    private static final int LARGEST_BODY = 64 << 10;
    private static final int LONGEST_MESSAGE = 200;
    private static final Pattern SECRET = Pattern.compile("(gh[a-z]|github_pat)_[A-Za-z0-9_]+|eyJ[A-Za-z0-9_.-]+");

    @Override
    public DewyException failure(Refusal refusal) {
        Response response = refusal.response();
        if (response.status() == 407) {
            return refusal.standard(""); // It is the proxy's, not GitHub's.
        }
        String who = refusal.home() ? "GitHub" : "the store that GitHub redirected to";
        Credentials credentials = refusal.credentials();
        String message = message(response);
        String shown = shorten(SECRET.matcher(credentials.scrub(message)).replaceAll("***"));
        Optional<Instant> until = limit(response, message, refusal.now()).map(refusal.now()::plus);
        if (until.isPresent()) {
            String advice = refusal.home() && credentials.areNone()
                    ? "It goes on by itself; with GH_TOKEN set, GitHub allows many more requests"
                    : "It goes on by itself; a longer --interval or a GitHub App asks for less or is allowed more";
            return new RateLimitedException(
                    problem(response, who, shown + " (until " + until.get() + ")", advice), until.get());
        }
        if (!refusal.home() || response.status() >= 500) {
            return new UnreachableException(problem(response, who, shown, "It is tried again later"));
        }
        return switch (response.status()) {
            case 401 -> new UnauthorizedException(problem(response, "GitHub", shown, renew(credentials)));
            case 403 -> new UnauthorizedException(problem(response, "GitHub", shown, permit(response, credentials)));
            case 404 -> new NotFoundException(problem(response, "GitHub", shown, show(credentials)));
            case 422 -> new InvalidException(problem(response, "GitHub", shown, ""));
            default ->
                new UnreachableException(
                        problem(response, "GitHub", shown, "Check that GITHUB_API_URL is the address of an API"));
        };
    }

    /** Returns how long nothing must be asked; empty if the answer is about something else. */
    private static Optional<Duration> limit(Response response, String message, Instant now) {
        if (response.status() != 403 && response.status() != 429) {
            return RetryAfter.of(response, now);
        }
        return RetryAfter.said(response, now)
                .or(() -> reset(response, now))
                .or(() -> isSecondary(response, message) ? Optional.of(RetryAfter.UNSAID) : Optional.empty());
    }

    private static Optional<Duration> reset(Response response, Instant now) {
        OptionalLong reset = response.number("x-ratelimit-reset");
        boolean exhausted = response.number("x-ratelimit-remaining").equals(OptionalLong.of(0));
        return exhausted && reset.isPresent()
                ? Optional.of(RetryAfter.until(Instant.ofEpochSecond(reset.getAsLong()), response, now))
                : Optional.empty();
    }

    private static boolean isSecondary(Response response, String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return response.status() == 429
                || lower.contains("secondary rate limit")
                || lower.contains("abuse detection")
                || lower.contains("rate limit exceeded");
    }

    private static String renew(Credentials used) {
        return used.areNone()
                ? "Set GH_TOKEN to a token that may read the repository"
                : "Check that " + used.source() + " is valid, not expired and not revoked";
    }

    private static String permit(Response response, Credentials used) {
        if (response.header("x-github-sso").isPresent()) {
            return "Authorize " + (used.areNone() ? "a token" : used.source())
                    + " for the single sign-on of the organization";
        }
        return used.areNone()
                ? "Set GH_TOKEN to a token that may read the repository"
                : "Give " + used.source()
                        + " access to the repository: contents read, or write if deployments are to be recorded";
    }

    private static String show(Credentials used) {
        String owner = "Check the owner and the name";
        String rest = used.areNone() ? "; set GH_TOKEN" : ", and that " + used.source() + " can see it";
        return owner + rest + ": GitHub answers as if a private repository did not exist to whoever may not read it";
    }

    private static Problem problem(Response response, String who, String message, String advice) {
        String said = message.isEmpty() ? "" : ", \"" + message + "\"";
        Request request = response.request();
        return Problem.of(request.tried(), request.on(), who + " answered " + response.status() + said, advice);
    }

    private static String shorten(String message) {
        return message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    }

    /** Returns what the body says, in one line; nothing where it is not GitHub's. */
    private static String message(Response response) {
        try {
            byte[] body = response.body().readNBytes(LARGEST_BODY);
            String text = Json.one(GitHubDialect::said).read(new ByteArrayInputStream(body));
            return text.replaceAll("\\p{Cntrl}+", " ").strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns the message, with the first code that is among the errors. */
    private static String said(Json json) throws IOException {
        String message = "";
        String code = "";
        json.open();
        while (json.next()) {
            switch (json.name()) {
                case "message" -> message = json.text();
                case "errors" -> code = json.find("code");
                default -> json.skip();
            }
        }
        return code.isEmpty() ? message : message + ": " + code;
    }
}
