package dewy.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells from an answer how long the server asks to be left alone (RFC 9110, section 10.2.3; RFC 6585, section 4). Times are
 * taken relative to the answer's own, so that a wrong clock here does not matter; none is believed that is over, or further
 * away than a day.
 */
public final class RetryAfter {
    /** How long to wait where a limit is told without a time. */
    public static final Duration UNSAID = Duration.ofSeconds(60);

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(24);

    private RetryAfter() {}

    /** Returns how long nothing must be asked; empty if the answer is about something else. */
    public static Optional<Duration> of(Response response, Instant now) {
        return switch (response.status()) {
            case 429 -> said(response, now).or(() -> Optional.of(UNSAID));
            case 503 -> said(response, now);
            default -> Optional.empty();
        };
    }

    /** Returns what the header {@code Retry-After} says, whatever the status. */
    public static Optional<Duration> said(Response response, Instant now) {
        if (response.number("retry-after").isPresent()) {
            return Optional.of(
                    bounded(Duration.ofSeconds(response.number("retry-after").getAsLong())));
        }
        return response.time("retry-after").map(time -> until(time, response, now));
    }

    /** Returns how long it is until a time that the server named. */
    public static Duration until(Instant time, Response response, Instant now) {
        return bounded(Duration.between(response.time("date").orElse(now), time));
    }

    /** Returns what is believed of a wait that a server asks for. */
    public static Duration bounded(Duration wait) {
        Duration least = wait.compareTo(LEAST) < 0 ? LEAST : wait;
        return least.compareTo(MOST) > 0 ? MOST : least;
    }
}
