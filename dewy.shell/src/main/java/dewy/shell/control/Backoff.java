package dewy.shell.control;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits longer and longer while something keeps failing, and says so once. Used by one thread. */
final class Backoff {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.shell");
    private static final long SHORTEST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 1_000;

    private long millis;

    void succeeded() {
        millis = 0;
    }

    void failed(Throwable failure) throws InterruptedException {
        if (millis == 0) {
            LOG.atWarn().addKeyValue("error", failure.getMessage()).log("Control socket failure");
        }
        millis = Math.min(LONGEST_MILLIS, Math.max(SHORTEST_MILLIS, millis * 2));
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}
