package dewy.core.backoff;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait after failures in a row: twice as long each time, up to a limit, and never exactly together. */
public final class Backoff {
    private static final double JITTER = 0.1;

    private final Duration first;
    private final Duration limit;
    private final DoubleSupplier random;

    /**
     * Creates a back-off.
     *
     * @param random numbers from 0 to 1
     */
    public Backoff(Duration first, Duration limit, DoubleSupplier random) {
        this.first = first;
        this.limit = limit.compareTo(first) < 0 ? first : limit;
        this.random = random;
    }

    /** Returns the wait after {@code failures} in a row; with none it is the first wait. */
    public Duration after(int failures) {
        long factor = 1L << Math.min(Math.max(failures - 1, 0), 30);
        double wanted = Math.min((double) first.toMillis() * factor, (double) limit.toMillis());
        return Duration.ofMillis(Math.round(wanted * (1 - JITTER + 2 * JITTER * random.getAsDouble())));
    }
}
