package dewy.tck;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what servers, processes and other threads do in their own time, by looking again and again. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    /** Something that becomes true, and may fail before. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /** Returns when the condition holds, and fails when it does not within a minute. */
    public static void until(String what, Condition condition) {
        until(() -> what, condition);
    }

    /** Does the same, and says at the end what is awaited. */
    public static void until(Supplier<String> what, Condition condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Exception last;
        do {
            try {
                last = null;
                if (condition.holds()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            pause();
        } while (System.nanoTime() < deadline);
        throw inVain(what.get(), last);
    }

    private static AssertionError inVain(String what, @Nullable Exception last) {
        return new AssertionError("waited in vain for: " + what, last);
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
