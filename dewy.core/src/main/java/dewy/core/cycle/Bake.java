package dewy.core.cycle;

import dewy.api.runtime.RuntimeStatus;
import dewy.core.journal.AppMemory.Installed;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Watches a release for a while after it was activated: one that crashes again and again in that time is no good. For one
 * thread.
 */
final class Bake {
    private final BakeSettings settings;
    private final LongSupplier nanoTime;
    private Optional<Installed> baking = Optional.empty();
    private long until;

    Bake(BakeSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /**
     * Begins to watch a release, in place of any other.
     *
     * @param age how long ago it was activated; one that is old enough has stood the test
     */
    void begin(Installed release, Duration age) {
        Duration left = settings.time().minus(age.isNegative() ? Duration.ZERO : age);
        baking = left.isNegative() || left.isZero() ? Optional.empty() : Optional.of(release);
        until = nanoTime.getAsLong() + left.toNanos();
    }

    void end() {
        baking = Optional.empty();
    }

    /** Returns what is watched. */
    Optional<Installed> release() {
        if (baking.isPresent() && nanoTime.getAsLong() - until >= 0) {
            end();
        }
        return baking;
    }

    /** Returns why the release that is watched is no good, if it is not. */
    Optional<String> failure(RuntimeStatus status) {
        if (release().isEmpty()) {
            return Optional.empty();
        }
        boolean isGivenUp = status.state() == RuntimeStatus.State.FAILED;
        if (!isGivenUp && status.crashes() <= settings.maxCrashes()) {
            return Optional.empty();
        }
        String often = status.crashes() == 1 ? "once" : status.crashes() + " times";
        String what = isGivenUp ? "it was given up" : "it crashed " + often;
        String detail = status.detail().isEmpty() ? "" : ": " + status.detail();
        return Optional.of(what + " within " + settings.time().toSeconds() + "s of its activation" + detail);
    }
}
