package dewy.core.cycle;

import dewy.api.runtime.RuntimeStatus;
import dewy.core.journal.Installed;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Watches a release after it was activated, until it has been up for a while without a crash: one that crashes again and again
 * before, or is given up, is no good. The pauses between its crashes count for nothing. For one thread.
 */
final class Probation {
    private final ProbationSettings settings;
    private final LongSupplier nanoTime;
    private Optional<Installed> watched = Optional.empty();
    private Uptime uptime;
    private boolean mayCrash;

    Probation(ProbationSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.uptime = new Uptime(nanoTime, Duration.ZERO);
    }

    /**
     * Begins to watch a release, in place of any other.
     *
     * @param age how long ago it was activated; one that is old enough has stood the test
     */
    void begin(Installed release, Duration age) {
        boolean isOldEnough = age.compareTo(settings.time()) >= 0;
        watched = isOldEnough ? Optional.empty() : Optional.of(release);
        uptime = new Uptime(nanoTime, age);
        mayCrash = false;
    }

    void end() {
        watched = Optional.empty();
    }

    /** Returns what is watched. */
    Optional<Installed> release() {
        if (watched.isPresent() && uptime.isAtLeast(settings.stable())) {
            end();
        }
        return watched;
    }

    /** Returns why the release that is watched is no good, if it is not. */
    Optional<String> failure(RuntimeStatus status) {
        if (release().isEmpty()) {
            return Optional.empty();
        }
        mayCrash = mayCrash || uptime.isAtLeast(settings.time());
        uptime.look(status);
        String detail = status.detail().isEmpty() ? "" : ": " + status.detail();
        if (status.state() == RuntimeStatus.State.FAILED) {
            return Optional.of("it was given up before it had stayed up for "
                    + settings.stable().toSeconds() + "s" + detail);
        }
        if (mayCrash || status.crashes() <= settings.maxCrashes()) {
            return Optional.empty();
        }
        return Optional.of("it crashed " + status.crashesInWords() + " before it had stayed up for "
                + settings.time().toSeconds() + "s" + detail);
    }
}
