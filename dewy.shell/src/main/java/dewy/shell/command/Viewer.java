package dewy.shell.command;

import java.time.Duration;
import java.time.Instant;

/**
 * Who looks at the answer.
 *
 * @param user who asks, for the records
 * @param terminal whether the answer is shown on a terminal, where colours help
 * @param now the time
 */
public record Viewer(String user, boolean terminal, Instant now) {
    private static final String RESET = "\u001b[0m";

    String good(String text) {
        return coloured("\u001b[32m", text);
    }

    String doubtful(String text) {
        return coloured("\u001b[33m", text);
    }

    String bad(String text) {
        return coloured("\u001b[31m", text);
    }

    /** Returns a time as a distance from now: {@code 3m ago}, {@code in 8s}. */
    String relative(Instant time) {
        Duration distance = Duration.between(time, now);
        String length = length(distance.abs());
        return distance.isNegative() ? "in " + length : length + " ago";
    }

    private static String length(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d " + duration.toHoursPart() + "h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h " + duration.toMinutesPart() + "m";
        }
        return duration.toMinutes() > 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }

    private String coloured(String colour, String text) {
        return terminal ? colour + text + RESET : text;
    }
}
