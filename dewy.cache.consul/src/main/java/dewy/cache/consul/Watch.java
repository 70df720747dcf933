package dewy.cache.consul;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Registration;
import dewy.api.store.Watching.Watcher;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has one watcher told, on a thread of its own, and begins anew when something fails. */
final class Watch implements AutoCloseable {
    /** How long Consul is asked to wait for a change. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ConsulStore store;
    private final String prefix;
    private final Watcher watcher;
    private final CountDownLatch over = new CountDownLatch(1);
    private final CancellableCall life = CancellableCall.of(
            "watch", Optional.empty(), Duration.ofNanos(Long.MAX_VALUE / 2), () -> 0, (what, done, of) -> {});

    Watch(ConsulStore store, String prefix, Watcher watcher) {
        this.store = store;
        this.prefix = prefix;
        this.watcher = watcher;
    }

    void start() {
        Thread thread = new Thread(this::run, "dewy-consul-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Call call = store.lifetime().bind(life);
        try (Registration waking = call.onCancel(over::countDown)) {
            Duration pause = Duration.ofSeconds(1);
            do {
                long begin = System.nanoTime();
                try {
                    store.tell(call, prefix, watcher);
                } catch (CancelledException | ExpiredException e) {
                    return;
                } catch (DewyException e) {
                    LOG.debug(
                            "Watching the store is interrupted: {}", e.problem().sentence());
                }
                boolean worked = System.nanoTime() - begin > LONGEST_PAUSE.toNanos();
                pause = worked ? Duration.ofSeconds(1) : longer(pause);
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

    @Override
    public void close() {
        life.cancel("nobody watches any more");
    }
}
