package dewy.launcher.agent;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What signals to stop mean, by when they come. A terminal, {@code timeout} and parents that pass on what they get often send
 * one twice, so those that come soon after the first say the same; only a later one says that it takes too long. Safe for
 * use by several threads.
 */
final class StopWishes {
    enum Meaning {
        STOP,
        SAME,
        CUT_SHORT
    }

    private static final Duration SOON = Duration.ofSeconds(2);

    private final LongSupplier nanoTime;
    private @Nullable Long first;
    private boolean cut;

    /** @param nanoTime a monotonic clock */
    StopWishes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns what a signal means that has just come. */
    synchronized Meaning next() {
        long now = nanoTime.getAsLong();
        if (first == null) {
            first = now;
            return Meaning.STOP;
        }
        if (cut || now - first <= SOON.toNanos()) {
            return Meaning.SAME;
        }
        cut = true;
        return Meaning.CUT_SHORT;
    }
}
