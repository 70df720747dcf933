package dewy.runtime.process;

import dewy.api.Registration;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Optional;

/** When a crashed server is started again. Guarded by the lock of its supervisor. */
final class RestartSchedule {
    private final Timer timer;
    private final RestartBackoff backoff;
    private final Runnable restart;
    private Optional<Long> upSince = Optional.empty();
    private Registration pending = () -> {};
    private long due;

    /** Describes a schedule by which {@code restart} is run, without a lock held. */
    RestartSchedule(Timer timer, RestartBackoff backoff, Runnable restart) {
        this.timer = timer;
        this.backoff = backoff;
        this.restart = restart;
        this.due = timer.nanoTime();
    }

    /** The server is up. */
    void up() {
        upSince = Optional.of(timer.nanoTime());
    }

    /** What crashed before does not count any more. */
    void forgive() {
        backoff.reset();
    }

    /**
     * The server crashed, or could not be started again.
     *
     * @return in how long the next restart is due, or nothing when there will be none
     */
    Optional<Duration> crashed() {
        Duration uptime =
                upSince.map(since -> Duration.ofNanos(timer.nanoTime() - since)).orElse(Duration.ZERO);
        upSince = Optional.empty();
        Optional<Duration> delay = backoff.afterCrash(uptime);
        due = timer.nanoTime() + delay.orElse(Duration.ZERO).toNanos();
        return delay;
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

    /** Returns how many restarts in a row there were. */
    int restarts() {
        return backoff.restarts();
    }
}
