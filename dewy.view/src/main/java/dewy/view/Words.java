package dewy.view;

import dewy.api.control.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** States, times and operations in the words that people read. */
public final class Words {
    private static final int PERCENT = 100;
    private static final double MEBIBYTE = 1 << 20;

    private Words() {}

    /** Returns the word for a state, which is also the one for scripts. */
    public static String of(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns a time as a distance from now: {@code 3m ago}, {@code in 8s}. */
    public static String relative(Instant time, Instant now) {
        boolean isPast = !time.isAfter(now);
        return isPast ? age(time, now) + " ago" : "in " + length(Duration.between(now, time));
    }

    /** Returns how far a time is from now: {@code 3m}. */
    public static String age(Instant time, Instant now) {
        return length(Duration.between(time, now).abs());
    }

    /** Returns a length of time, roughly: {@code 3m}. */
    public static String length(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d " + duration.toHoursPart() + "h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h " + duration.toMinutesPart() + "m";
        }
        return duration.toMinutes() > 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }

    /** Returns where there is more about a failure, in words to be put behind the reason. */
    public static String evidence(Optional<String> capsule) {
        return capsule.map(id -> " (capsule " + id + ")").orElse("");
    }

    /** Returns what an operation is about. */
    public static String task(Operation operation) {
        String version = operation.version().map(tag -> " (" + tag + ")").orElse("");
        return of(operation.what()).replace('-', ' ') + " of " + operation.on() + version + " by " + operation.actor();
    }

    /** Returns how far an operation is that goes on. */
    public static String progress(Operation operation, Instant now) {
        return operation.step() + " for " + age(operation.since(), now)
                + operation.progress().map(part -> ": " + progress(part)).orElse("");
    }

    private static String progress(Operation.Progress part) {
        if (part.total().isEmpty() || part.total().getAsLong() == 0) {
            return part.what() + " " + mebibytes(part.done()) + " MiB";
        }
        long total = part.total().getAsLong();
        return part.what() + " " + part.done() * PERCENT / total + "% (" + mebibytes(part.done()) + " of "
                + mebibytes(total) + " MiB)";
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MEBIBYTE);
    }
}
