package dewy.archive.disk;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads that help one other with what it does to the disk. It awaits them, and is told what failed first: a disk tells
 * only once that it has lost something.
 */
final class DiskWorkers implements AutoCloseable {
    /** Something that is done to the disk. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException, DewyException;
    }

    private final String what;
    private final ThreadPoolExecutor pool;
    private int unfinished;
    private @Nullable Throwable failure;

    /** @param what a verb phrase, for whoever is interrupted while waiting */
    DiskWorkers(String what, int threads, int queue) {
        this.what = what;
        this.pool = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), this::thread);
    }

    /** Has {@code work} done; by the caller if everybody is busy. */
    void submit(Work work) {
        if (!offer(work)) {
            begin();
            run(work);
        }
    }

    /** Has {@code work} done, or returns false if everybody is busy. */
    boolean offer(Work work) {
        begin();
        try {
            pool.execute(() -> run(work));
            return true;
        } catch (RejectedExecutionException busy) {
            end(1);
            return false;
        }
    }

    /** Returns when all is done, and went well. */
    synchronized void await(Call call) throws IOException, DewyException {
        try {
            while (unfinished > 0) {
                call.check();
                wait(100);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancelledException(new Problem(what, "", "the work was interrupted", ""), stopped);
        }
        rethrow(failure);
    }

    /** Drops what has not begun, and leaves what has to itself. */
    @Override
    public void close() {
        end(pool.shutdownNow().size());
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "dewy-" + what);
        thread.setDaemon(true);
        return thread;
    }

    @SuppressWarnings("IllegalCatch")
    private void run(Work work) {
        try {
            work.run();
        } catch (Throwable first) { // Nothing may be taken for done that is not.
            failed(first);
        } finally {
            end(1);
        }
    }

    private synchronized void begin() {
        unfinished++;
    }

    private synchronized void end(int count) {
        unfinished -= count;
        notifyAll();
    }

    private synchronized void failed(Throwable first) {
        if (failure == null) {
            failure = first;
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws IOException, DewyException {
        if (failure instanceof IOException refused) {
            throw refused;
        }
        if (failure instanceof DewyException refused) {
            throw refused;
        }
        if (failure instanceof RuntimeException broken) {
            throw broken;
        }
        if (failure instanceof Error fatal) {
            throw fatal;
        }
    }
}
