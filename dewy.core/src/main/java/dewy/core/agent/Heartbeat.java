package dewy.core.agent;

import dewy.api.process.ServiceManager;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager, where there is one, how the agent is doing, and that it makes progress. Each beat goes the way of
 * all work: from the timer to a thread of its own, past all apps. Whichever of them hangs, the watchdog hears nothing more.
 * Safe for use by several threads.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</a>
 */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(10);

    /** What shows that an agent is alive. */
    interface Vitals {
        /** Asks every app how it is doing; returns whether none has been waiting longer than that for what was due. */
        boolean areGood(Duration patience);

        /** Returns how the apps are doing, in a few words. */
        String summary();
    }

    private final Supplier<ServiceManager> manager;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final AtomicBoolean beating = new AtomicBoolean();
    private @Nullable ScheduledFuture<?> beats;
    private String status = "";
    private boolean stopping;

    /** Describes the heartbeat of an agent; whether there is a service manager is only looked up at the start. */
    Heartbeat(Supplier<ServiceManager> manager, ScheduledExecutorService timer, Executor workers) {
        this.manager = manager;
        this.timer = timer;
        this.workers = workers;
    }

    /** Begins to beat, a few times in each period of the watchdog. */
    synchronized void start(Vitals vitals) {
        if (beats == null && !stopping && manager.get().isPresent()) {
            Duration period = period();
            beats = timer.scheduleAtFixedRate(
                    () -> beat(vitals), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Tells that the agent is ready. */
    synchronized void ready(Vitals vitals) {
        if (beats != null && !stopping) {
            manager.get().tell("READY=1\n" + status(vitals));
        }
    }

    /** Tells that the agent stops, and beats no more. */
    synchronized void stop() {
        stopping = true;
        if (beats != null) {
            beats.cancel(false);
            manager.get().tell("STOPPING=1\nSTATUS=Stopping");
        }
    }

    /** Beats once, unless an earlier beat has not come back yet. */
    void beat(Vitals vitals) {
        if (beating.compareAndSet(false, true)) {
            workers.execute(() -> {
                try {
                    look(vitals);
                } catch (RuntimeException e) {
                    LOG.warn("How the agent is doing could not be found out", e);
                } finally {
                    beating.set(false);
                }
            });
        }
    }

    private void look(Vitals vitals) {
        boolean good = vitals.areGood(manager.get().watchdog().orElse(LONGEST_PERIOD));
        synchronized (this) {
            if (stopping) {
                return;
            }
            String before = status;
            String now = status(vitals);
            String told = (now.equals(before) ? "" : now) + (good && hasWatchdog() ? "WATCHDOG=1\n" : "");
            if (!told.isEmpty()) {
                manager.get().tell(told);
            }
        }
    }

    private String status(Vitals vitals) {
        status = "STATUS=" + vitals.summary() + "\n";
        return status;
    }

    private boolean hasWatchdog() {
        return manager.get().watchdog().isPresent();
    }

    private Duration period() {
        return manager.get()
                .watchdog()
                .map(limit -> limit.dividedBy(3))
                .filter(third -> third.compareTo(LONGEST_PERIOD) < 0)
                .orElse(LONGEST_PERIOD);
    }
}
