package dewy.keyvalue;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Registration;
import dewy.api.plugin.Lifetime;
import dewy.api.store.Watching;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has each watcher of a store told on a thread of its own, begun anew when that fails, until the store is closed. */
public final class Watches implements Watching {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** How a server tells of changes. */
    @FunctionalInterface
    public interface Telling {
        /** Tells a watcher what there is, and then what changes; returns when it is to be begun anew. */
        void tell(Call call, String prefix, Watcher watcher) throws DewyException;
    }

    private final String server;
    private final Lifetime lifetime;
    private final Telling telling;

    /**
     * Creates the watches of a store; there is no thread before one watches.
     *
     * @param server by which the threads are named
     * @param lifetime that of the store, with which all end
     */
    public Watches(String server, Lifetime lifetime, Telling telling) {
        this.server = server;
        this.lifetime = lifetime;
        this.telling = telling;
    }

    @Override
    public Registration watch(String prefix, Watcher watcher) {
        CancellableCall life = CancellableCall.endless("watch");
        Thread thread = new Thread(() -> run(lifetime.bind(life), prefix, watcher), "dewy-" + server + "-watch");
        thread.setDaemon(true);
        thread.start();
        return () -> life.cancel("nobody watches any more");
    }

    private void run(Call call, String prefix, Watcher watcher) {
        CountDownLatch over = new CountDownLatch(1);
        try (Registration waking = call.onCancel(over::countDown)) {
            Duration pause = SHORTEST_PAUSE;
            do {
                long begin = System.nanoTime();
                try {
                    telling.tell(call, prefix, watcher);
                } catch (CancelledException | ExpiredException e) {
                    return;
                } catch (DewyException e) {
                    LOG.debug(
                            "Watching the store is interrupted: {}", e.problem().sentence());
                }
                boolean worked = System.nanoTime() - begin > LONGEST_PAUSE.toNanos();
                pause = worked ? SHORTEST_PAUSE : longer(pause);
            } while (!over.await(pause.toMillis(), TimeUnit.MILLISECONDS));
            waking.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }
}
