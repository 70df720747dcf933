package dewy.runtime.process.time;

import dewy.api.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timer that follows the clocks of the system.
 *
 * @param scheduler what runs the tasks; its owner shuts it down
 */
public record SystemTimer(ScheduledExecutorService scheduler) implements Timer {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTimer.class);

    /** One for the timers, and one more for when a restart takes its time. */
    private static final int THREADS = 2;

    private static final long IDLE_SECONDS = 10;

    /** Returns a scheduler for a few timers; its threads end when they are idle. */
    public static ScheduledExecutorService newScheduler() {
        ScheduledThreadPoolExecutor scheduler =
                new ScheduledThreadPoolExecutor(THREADS, SystemTimer::thread, new ThreadPoolExecutor.DiscardPolicy());
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        scheduler.allowCoreThreadTimeOut(true);
        return scheduler;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Registration after(Duration delay, Runnable task) {
        Future<?> scheduled = scheduler.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "dewy-runtime-process");
        thread.setDaemon(true);
        return thread;
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // A scheduled task has nobody to throw to: what it throws would vanish.
            LOG.error("Task of the process runtime failed", e);
        }
    }
}
