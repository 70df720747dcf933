package dewy.runtime.process;

import dewy.api.Registration;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Optional;

/**
 * When a crashed server is started again: after 1 s, then twice as long each time, up to 60 s; and whether at all. Guarded by
 * the lock of its supervisor.
 */
final class RestartSchedule {
    /** A server that ran so long has not crashed in a row with the crashes before. */
    private static final Duration STABLE = Duration.ofSeconds(60);

    private static final long LONGEST_SECONDS = 60;

    private final Timer timer;
    private final int maxRestarts;
    private final Runnable restart;
    private int restarts;
    private Optional<Long> upSince = Optional.empty();
    private Registration pending = () -> {};
    private long due;

    /**
     * Describes a schedule by which {@code restart} is run, without a lock held.
     *
     * @param restarts how many in a row are already behind it
     */
    RestartSchedule(Timer timer, int maxRestarts, int restarts, Runnable restart) {
        this.timer = timer;
        this.maxRestarts = maxRestarts;
        this.restarts = restarts;
        this.restart = restart;
        this.due = timer.nanoTime();
    }

    /** The server is up. */
    void up() {
        upSince = Optional.of(timer.nanoTime());
    }

    /** What crashed before does not count any more. */
    void forgive() {
        restarts = 0;
    }

    /**
     * The server crashed, or could not be started again.
     *
     * @return in how long the next restart is due, or nothing when there were too many in a row
     */
    Optional<Duration> crashed() {
        if (upSince.filter(since -> timer.nanoTime() - since >= STABLE.toNanos())
                .isPresent()) {
            forgive();
        }
        upSince = Optional.empty();
        due = timer.nanoTime();
        if (restarts >= maxRestarts) {
            return Optional.empty();
        }
        Duration delay = Duration.ofSeconds(Math.min(LONGEST_SECONDS, 1L << Math.min(restarts, 6)));
        restarts++;
        due += delay.toNanos();
        return Optional.of(delay);
    }

    /** Sees to it that the restart is run when it is due, at once when that is past. */
    void resume() {
        suspend();
        pending = timer.after(Duration.ofNanos(Math.max(0, due - timer.nanoTime())), restart);
    }

    /** Has no restart run until {@link #resume} is called. */
    void suspend() {
        pending.close();
    }

    /** Returns how many restarts in a row were granted. */
    int restarts() {
        return restarts;
    }
}
