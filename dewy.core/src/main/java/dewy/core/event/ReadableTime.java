package dewy.core.event;

import java.time.Duration;

/** Lengths of time as people read them. */
public final class ReadableTime {
    private ReadableTime() {}

    /**
     * Returns {@code 350ms}, {@code 1.5s}, {@code 2m30s}, {@code 1h0m0s}: to the millisecond below a minute; a length
     * that is negative, because the clock was set meanwhile, is none.
     */
    public static String of(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis > 0 && millis < 1_000) {
            return millis + "ms";
        }
        if (millis < 60_000) {
            return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis / 1_000.0 + "s";
        }
        String hours = duration.toHours() > 0 ? duration.toHours() + "h" : "";
        return hours + duration.toMinutesPart() + "m" + duration.toSecondsPart() + "s";
    }
}
