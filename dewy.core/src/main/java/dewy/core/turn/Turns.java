package dewy.core.turn;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does things one after the other, in their order, each on a thread of a pool that others use too: while there is nothing
 * to do it has no thread. The pool must never have a task wait for another. Safe for use by several threads.
 */
public final class Turns {
    private final String name;
    private final Executor pool;
    private final Queue<FutureTask<?>> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean ended;
    private @Nullable Thread worker;

    /**
     * Creates turns that nobody takes yet.
     *
     * @param name what the thread is called meanwhile
     */
    public Turns(String name, Executor pool) {
        this.name = name;
        this.pool = pool;
    }

    /** Has something done when it is its turn. What is cancelled until then is not done. Returns false at the end. */
    public boolean add(FutureTask<?> work) {
        synchronized (this) {
            if (ended) {
                return false;
            }
            waiting.add(work);
            if (busy) {
                return true;
            }
            busy = true;
        }
        try {
            pool.execute(this::run);
            return true;
        } catch (RejectedExecutionException e) {
            end();
            return false;
        }
    }

    /** Returns whether something is being done; what only waits for a thread is not. */
    public synchronized boolean isTaken() {
        return worker != null;
    }

    /** Takes nothing more; what was taken is still done. Returns once that is so, or the limit is over. */
    public void finish(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (this) {
            ended = true;
            try {
                for (long left = limit.toNanos(); busy && left > 0; left = deadline - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends: what is being done is interrupted, and what still waits is cancelled. */
    public void end() {
        List<FutureTask<?>> dropped;
        synchronized (this) {
            ended = true;
            dropped = List.copyOf(waiting);
            waiting.clear();
            if (worker != null) {
                worker.interrupt();
            }
        }
        dropped.forEach(work -> work.cancel(false));
    }

    private void run() {
        Thread thread = Thread.currentThread();
        String before = thread.getName();
        thread.setName(name);
        for (FutureTask<?> work = next(thread); work != null; work = next(thread)) {
            work.run();
        }
        thread.setName(before);
    }

    /** Returns what is next; there is an end to it under the same lock, so that no interrupt is meant for what comes after. */
    private synchronized @Nullable FutureTask<?> next(Thread thread) {
        FutureTask<?> next = waiting.poll();
        worker = next == null ? null : thread;
        if (next == null) {
            busy = false;
            notifyAll();
        }
        return next;
    }
}
