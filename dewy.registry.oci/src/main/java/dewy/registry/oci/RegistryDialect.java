package dewy.registry.oci;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Credentials;
import dewy.http.Dialect;
import dewy.http.Refusal;
import dewy.http.Response;
import dewy.http.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What answers of registries mean that are not the ones hoped for ("Error Codes" of the distribution specification). */
record RegistryDialect(ImageRepository repository) implements Dialect {
    private static final int LARGEST_BODY = 64 << 10;
    private static final int LONGEST_MESSAGE = 200;
    private static final Pattern SECRET = Pattern.compile("eyJ[A-Za-z0-9_.-]+");

    @Override
    public DewyException failure(Refusal refusal) {
        Response response = refusal.response();
        if (response.status() == 407) {
            return refusal.standard(""); // It is the proxy's.
        }
        String who = refusal.home() ? repository.host() : "the store to which " + repository.host() + " redirected";
        String said = who + " answered " + response.status() + message(refusal);
        Optional<Instant> until = limit(response, refusal.now()).map(refusal.now()::plus);
        if (until.isPresent()) {
            String advice = isNobody(refusal.credentials().source())
                    ? "It goes on by itself; who logs in may ask more"
                    : "It goes on by itself; a longer --interval asks for less";
            return new RateLimitedException(
                    problem(response, said + " (until " + until.get() + ")", advice), until.get());
        }
        if (!refusal.home() || response.status() >= 500) {
            return new UnreachableException(problem(response, said, "It is tried again later"));
        }
        return switch (response.status()) {
            case 401, 403 ->
                new UnauthorizedException(problem(
                        response,
                        said,
                        adviceOn(repository, refusal.credentials().source())));
            case 404 -> new NotFoundException(problem(response, said, "Push it there, or mend the address"));
            default ->
                new UnreachableException(
                        problem(response, said, "Check that " + repository.host() + " is a registry of images"));
        };
    }

    /**
     * Returns what to do about credentials that do not suffice.
     *
     * @param source where they come from
     */
    static String adviceOn(ImageRepository repository, String source) {
        return isNobody(source)
                ? "Check its name; if it is private, log in by docker login"
                        + (repository.host().equals("docker.io") ? "" : " " + repository.host())
                        + ", or set DOCKER_USERNAME and DOCKER_PASSWORD"
                : "Check its name, and whether what was shown is right and may pull from it: " + source;
    }

    private static boolean isNobody(String source) {
        return source.equals(Credentials.NONE.source()) || source.equals(TokenService.NOBODY);
    }

    /** Returns how long nothing must be asked; empty if the answer is about something else. */
    private static Optional<Duration> limit(Response response, Instant now) {
        if (response.status() != 429) {
            return RetryAfter.of(response, now);
        }
        return RetryAfter.said(response, now).or(() -> reset(response, now)).or(() -> Optional.of(RetryAfter.UNSAID));
    }

    private static Optional<Duration> reset(Response response, Instant now) {
        OptionalLong reset = response.number("x-ratelimit-reset");
        return reset.isPresent()
                ? Optional.of(RetryAfter.until(Instant.ofEpochSecond(reset.getAsLong()), response, now))
                : Optional.empty();
    }

    /** Returns the first error of an answer, without what was shown to whoever answered, should that be in it. */
    private static String message(Refusal refusal) {
        try {
            Json error = Json.read(refusal.response().body().readNBytes(LARGEST_BODY)).get("errors").items().stream()
                    .findFirst()
                    .orElseThrow(IOException::new);
            String code = error.get("code").text().orElse("");
            String text = error.get("message").text().map(told -> ": " + told).orElse("");
            String line = (code + text).replaceAll("\\s+", " ");
            String scrubbed = SECRET.matcher(refusal.credentials().scrub(line)).replaceAll("***");
            return ", " + scrubbed.substring(0, Math.min(LONGEST_MESSAGE, scrubbed.length()));
        } catch (IOException e) {
            return "";
        }
    }

    private static Problem problem(Response response, String why, String advice) {
        return Problem.of(response.request().tried(), response.request().on(), why, advice);
    }
}
