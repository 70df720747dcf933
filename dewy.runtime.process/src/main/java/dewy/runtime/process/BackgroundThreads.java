package dewy.runtime.process;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads for what waits for the disk. They end when they are idle. */
final class BackgroundThreads {
    /** One app whose disk hangs leaves the others theirs. */
    private static final int THREADS = 4;

    private static final long IDLE_SECONDS = 10;

    private BackgroundThreads() {}

    static ExecutorService open() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                BackgroundThreads::thread,
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "dewy-runtime-process-background");
        thread.setDaemon(true);
        return thread;
    }
}
