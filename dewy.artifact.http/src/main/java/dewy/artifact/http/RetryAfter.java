package dewy.artifact.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells from an answer how long the server asks to be left alone (RFC 9110, section 10.2.3; RFC 6585, section 4). */
final class RetryAfter {
    private static final Duration UNSAID = Duration.ofSeconds(60);
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(24);

    private RetryAfter() {}

    /** Returns until when nothing must be asked; empty if the answer is about something else. */
    static Optional<Instant> of(Response response, Instant now) {
        if (response.status() != 429 && response.status() != 503) {
            return Optional.empty();
        }
        return said(response, now)
                .or(() -> response.status() == 429 ? Optional.of(UNSAID) : Optional.empty())
                .map(wait -> now.plus(clamp(wait)));
    }

    /** Times are taken relative to the answer's own, so that a wrong clock here does not matter. */
    private static Optional<Duration> said(Response response, Instant now) {
        if (response.number("retry-after").isPresent()) {
            return Optional.of(Duration.ofSeconds(response.number("retry-after").getAsLong()));
        }
        Instant there = response.time("date").orElse(now);
        return response.time("retry-after").map(until -> Duration.between(there, until));
    }

    private static Duration clamp(Duration wait) {
        Duration least = wait.compareTo(LEAST) < 0 ? LEAST : wait;
        return least.compareTo(MOST) > 0 ? MOST : least;
    }
}
