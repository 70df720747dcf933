package dewy.registry.github;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells from an answer how long GitHub asks to be left alone; see "Rate limits for the REST API" in its documentation.
 * Times it names are taken relative to the answer's {@code Date}, so that a wrong clock here does not matter.
 */
final class RateLimit {
    private static final Duration UNSAID = Duration.ofSeconds(60);
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(24);

    private RateLimit() {}

    /**
     * Returns until when nothing must be asked.
     *
     * @param message what the answer says
     * @return empty if the answer is about something else
     */
    static Optional<Instant> of(Response response, String message, Instant now) {
        if (response.status() != 403 && response.status() != 429) {
            return Optional.empty();
        }
        return retryAfter(response, now)
                .or(() -> reset(response, now))
                .or(() -> isSecondary(response, message) ? Optional.of(UNSAID) : Optional.empty())
                .map(wait -> now.plus(clamp(wait)));
    }

    private static boolean isSecondary(Response response, String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return response.status() == 429
                || lower.contains("secondary rate limit")
                || lower.contains("abuse detection")
                || lower.contains("rate limit exceeded");
    }

    private static Optional<Duration> retryAfter(Response response, Instant now) {
        OptionalLong seconds = response.number("retry-after");
        if (seconds.isPresent()) {
            return Optional.of(Duration.ofSeconds(seconds.getAsLong()));
        }
        return response.time("retry-after").map(until -> between(response, now, until));
    }

    private static Optional<Duration> reset(Response response, Instant now) {
        OptionalLong reset = response.number("x-ratelimit-reset");
        boolean exhausted = response.number("x-ratelimit-remaining").equals(OptionalLong.of(0));
        return exhausted && reset.isPresent()
                ? Optional.of(between(response, now, Instant.ofEpochSecond(reset.getAsLong())))
                : Optional.empty();
    }

    private static Duration between(Response response, Instant now, Instant until) {
        Instant there = response.time("date").orElse(now);
        return Duration.between(there, until);
    }

    private static Duration clamp(Duration wait) {
        Duration least = wait.compareTo(LEAST) < 0 ? LEAST : wait;
        return least.compareTo(MOST) > 0 ? MOST : least;
    }
}
