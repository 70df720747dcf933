package dewy.core.plugin;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what a plugin opened without trusting it to return. */
final class BoundedClose {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.plugin");

    private BoundedClose() {}

    static void close(AutoCloseable instance, Duration limit) {
        Thread closer = new Thread(null, () -> closeNow(instance), "dewy-close", 256 << 10);
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closer.isAlive()) {
            closer.interrupt();
            LOG.atWarn()
                    .addKeyValue("class", instance.getClass().getName())
                    .addKeyValue("limit", limit)
                    .log("A plugin does not close in time; going on without it");
        }
    }

    @SuppressWarnings("IllegalCatch")
    private static void closeNow(AutoCloseable instance) {
        try {
            instance.close();
        } catch (Exception e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("class", instance.getClass().getName())
                    .log("A plugin failed to close");
        }
    }
}
