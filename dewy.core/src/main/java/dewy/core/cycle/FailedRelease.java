package dewy.core.cycle;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers which release failed last, so that it is not tried again at every poll while newer ones are still looked for.
 * For one thread.
 */
final class FailedRelease {
    private final RetryBackoff backoff;
    private final LongSupplier nanoTime;
    private Optional<Identity> failed = Optional.empty();
    private int failures;
    private long retryAt;

    private record Identity(String tag, Artifact artifact) {
        static Identity of(Deliverable deliverable) {
            return new Identity(deliverable.release().tag(), deliverable.artifact());
        }
    }

    FailedRelease(RetryBackoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
    }

    /** Notes that a release failed; returns how long it is left alone. */
    Duration failed(Deliverable deliverable) {
        Optional<Identity> identity = Optional.of(Identity.of(deliverable));
        failures = identity.equals(failed) ? failures + 1 : 1;
        failed = identity;
        Duration wait = backoff.after(failures);
        retryAt = nanoTime.getAsLong() + wait.toNanos();
        return wait;
    }

    /** Returns how long a release is still to be left alone; zero when it may be tried. */
    Duration wait(Deliverable deliverable) {
        return left(failed.filter(Identity.of(deliverable)::equals));
    }

    /** Returns how long the release with that tag is still to be left alone, whatever its artifact. */
    Duration wait(String tag) {
        return left(failed.filter(release -> release.tag().equals(tag)));
    }

    private Duration left(Optional<Identity> release) {
        return release.isPresent() ? Duration.ofNanos(Math.max(0, retryAt - nanoTime.getAsLong())) : Duration.ZERO;
    }

    void clear() {
        failed = Optional.empty();
        failures = 0;
    }
}
