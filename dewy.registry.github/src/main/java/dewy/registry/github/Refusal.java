package dewy.registry.github;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns an answer that is not the one hoped for into a failure that says what to do. */
final class Refusal {
    private static final int LARGEST_BODY = 64 << 10;
    private static final int LONGEST_MESSAGE = 200;
    private static final Pattern SECRET = Pattern.compile("(gh[a-z]|github_pat)_[A-Za-z0-9_]+|eyJ[A-Za-z0-9_.-]+");

    private Refusal() {}

    /**
     * Returns the failure that an answer means.
     *
     * @param home whether GitHub's API itself answered, and not the store that it redirected to
     * @param token what was asked with
     */
    static DewyException of(ApiRequest request, Response response, boolean home, Optional<Token> token, Instant now) {
        String message = message(response);
        String shown = shorten(scrub(message, token));
        Optional<Instant> until = RateLimit.of(response, message, now);
        if (until.isPresent()) {
            return limited(request, response, shown, token, until.get());
        }
        if (!home || response.status() >= 500) {
            String who = home ? "GitHub" : "the store that GitHub redirected to";
            return new UnreachableException(problem(request, who, response, shown, "It is tried again later"));
        }
        return switch (response.status()) {
            case 401 -> new UnauthorizedException(problem(request, "GitHub", response, shown, renew(token)));
            case 403 -> new UnauthorizedException(problem(request, "GitHub", response, shown, permit(response, token)));
            case 404 -> new NotFoundException(problem(request, "GitHub", response, shown, show(token)));
            case 422 -> new InvalidException(problem(request, "GitHub", response, shown, ""));
            default ->
                new UnreachableException(problem(
                        request, "GitHub", response, shown, "Check that GITHUB_API_URL is the address of an API"));
        };
    }

    private static RateLimitedException limited(
            ApiRequest request, Response response, String message, Optional<Token> token, Instant until) {
        String advice = token.isPresent()
                ? "It goes on by itself; a longer --interval or a GitHub App asks for less or is allowed more"
                : "It goes on by itself; with GH_TOKEN set, GitHub allows many more requests";
        return new RateLimitedException(
                problem(request, "GitHub", response, message + " (until " + until + ")", advice), until);
    }

    private static String renew(Optional<Token> token) {
        return token.map(known -> "Check that " + known.source() + " is valid, not expired and not revoked")
                .orElse("Set GH_TOKEN to a token that may read the repository");
    }

    private static String permit(Response response, Optional<Token> token) {
        if (response.header("x-github-sso").isPresent()) {
            return "Authorize " + token.map(Token::source).orElse("a token")
                    + " for the single sign-on of the organization";
        }
        return token.map(known -> "Give " + known.source()
                        + " access to the repository: contents read, or write if deployments are to be recorded")
                .orElse("Set GH_TOKEN to a token that may read the repository");
    }

    private static String show(Optional<Token> token) {
        String rest = token.map(known -> known.source() + " can see it").orElse("set GH_TOKEN");
        String privately = token.isPresent() ? "and that " : "; ";
        return "Check the owner and the name" + (token.isPresent() ? ", " : "") + privately + rest
                + ": GitHub answers as if a private repository did not exist to whoever may not read it";
    }

    private static Problem problem(ApiRequest request, String who, Response response, String message, String advice) {
        String said = message.isEmpty() ? "" : ", \"" + message + "\"";
        String why = who + " answered " + response.status() + said;
        return Problem.of(request.tried(), request.on(), why, advice);
    }

    /** Takes out what is a secret, or looks like one of GitHub's or like a signed token. */
    private static String scrub(String message, Optional<Token> token) {
        String known = token.map(used -> used.scrub(message)).orElse(message);
        return SECRET.matcher(known).replaceAll("***");
    }

    private static String shorten(String message) {
        return message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    }

    /** Returns what the body says in one line; GitHub puts it under {@code message}. */
    private static String message(Response response) {
        try {
            byte[] body = response.body().readNBytes(LARGEST_BODY);
            return field(body).replaceAll("\\p{Cntrl}+", " ").strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String field(byte[] body) throws IOException {
        try (JsonParser json = Json.parser(new ByteArrayInputStream(body))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return "";
            }
            String message = "";
            String code = "";
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "message" -> message = Json.text(json);
                    case "errors" -> code = firstCode(json);
                    default -> json.skipChildren();
                }
            }
            return code.isEmpty() ? message : message + ": " + code;
        }
    }

    /** Returns the {@code code} of the first error in a list of them. */
    private static String firstCode(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return "";
        }
        String code = "";
        int depth = 1;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            if (token == null) {
                return code;
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING && code.isEmpty() && "code".equals(json.currentName())) {
                code = json.getText();
            }
        }
        return code;
    }
}
