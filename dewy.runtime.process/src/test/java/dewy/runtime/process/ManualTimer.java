package dewy.runtime.process;

import dewy.api.Registration;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Time that passes when it is told to. */
public final class ManualTimer implements Timer {
    private record Task(long due, Runnable action) {}

    private final Executor atOnce;
    private final List<Task> tasks = new ArrayList<>();
    private Optional<Timer> real = Optional.empty();
    private long nanos;

    /** Creates one by which what is due at once is done before {@link #after} returns. */
    public ManualTimer() {
        this(Runnable::run);
    }

    private ManualTimer(Executor atOnce) {
        this.atOnce = atOnce;
    }

    /** Returns one by which what is due at once runs on a thread of its own: whoever asks may hold a lock, as with a real one. */
    static ManualTimer ofThreads() {
        return new ManualTimer(action -> new Thread(action, "manual-timer").start());
    }

    @Override
    public synchronized Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public Registration after(Duration delay, Runnable action) {
        Optional<Timer> goesOn = real();
        if (goesOn.isPresent()) {
            return goesOn.get().after(delay, action);
        }
        if (delay.isZero()) {
            atOnce.execute(action);
            return () -> {};
        }
        return add(new Task(nanoTime() + delay.toNanos(), action));
    }

    /** Lets time pass by itself from now on, as {@code timer} does. */
    void goOn(Timer timer) {
        List<Task> left;
        synchronized (this) {
            real = Optional.of(timer);
            left = List.copyOf(tasks);
            tasks.clear();
        }
        left.forEach(task -> timer.after(Duration.ZERO, task.action()));
    }

    /** Lets time pass, and runs what becomes due, in order. */
    void advance(Duration time) {
        long target = nanoTime() + time.toNanos();
        Optional<Task> due = nextUntil(target);
        while (due.isPresent()) {
            due.get().action().run();
            due = nextUntil(target);
        }
        moveTo(target);
    }

    /** Returns in how long each task is due, soonest first. */
    synchronized List<Duration> pending() {
        return tasks.stream()
                .map(task -> Duration.ofNanos(task.due() - nanos))
                .sorted()
                .toList();
    }

    private synchronized Optional<Timer> real() {
        return real;
    }

    private synchronized Registration add(Task task) {
        tasks.add(task);
        return () -> remove(task);
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    private synchronized Optional<Task> nextUntil(long target) {
        Optional<Task> next =
                tasks.stream().filter(task -> task.due() <= target).min(Comparator.comparingLong(Task::due));
        next.ifPresent(task -> {
            tasks.remove(task);
            nanos = Math.max(nanos, task.due());
        });
        return next;
    }

    private synchronized void moveTo(long target) {
        nanos = Math.max(nanos, target);
    }
}
