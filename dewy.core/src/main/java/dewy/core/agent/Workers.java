package dewy.core.agent;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all apps share. There is one for each task, however many hang, so that no app waits for another; a
 * thread without a task is used again, and ends after a while. Safe for use by several threads.
 */
final class Workers implements Executor {
    private static final int STACK = 512 << 10;
    private static final long KEPT_SECONDS = 5;
    private static final long RETRY_SECONDS = 1;

    private final ScheduledExecutorService timer;
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEPT_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), Workers::thread);

    Workers(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** Does something at once; where the host gives no more threads, as soon as it does. */
    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (OutOfMemoryError e) {
            var unused = timer.schedule(() -> execute(task), RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    void end() {
        pool.shutdownNow();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "dewy-worker", STACK);
        thread.setDaemon(true);
        return thread;
    }
}
