package dewy.cache.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what servers do in their own time. */
final class Until {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private Until() {}

    /** Something that becomes true, and may fail before. */
    interface Condition {
        boolean holds() throws Exception;
    }

    static void holds(String what, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                last = null;
                if (condition.holds()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("waited in vain until " + what, last);
    }
}
