package dewy.core.cycle;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Remembers which releases failed, so that they are not tried again at every poll while newer ones are still looked for.
 * For one thread.
 */
final class FailedRelease {
    private final RetryBackoff backoff;
    private final LongSupplier nanoTime;
    private final Map<Identity, Failure> failed = new HashMap<>();
    private final Set<Identity> cancelled = new HashSet<>();

    private record Identity(String tag, Artifact artifact) {
        static Identity of(Deliverable deliverable) {
            return new Identity(deliverable.release().tag(), deliverable.artifact());
        }
    }

    private record Failure(int times, long retryAt) {}

    FailedRelease(RetryBackoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
    }

    /** Notes that a release failed; returns how long it is left alone. */
    Duration failed(Deliverable deliverable) {
        Identity identity = Identity.of(deliverable);
        int times = failed.containsKey(identity) ? failed.get(identity).times() + 1 : 1;
        Duration wait = backoff.after(times);
        failed.put(identity, new Failure(times, nanoTime.getAsLong() + wait.toNanos()));
        return wait;
    }

    /** Notes that a person did not want a release to be deployed. */
    void cancelled(Deliverable deliverable) {
        cancelled.add(Identity.of(deliverable));
    }

    /** Notes that a release is wanted, whatever became of it before. */
    void wanted(Deliverable deliverable) {
        cancelled.remove(Identity.of(deliverable));
    }

    /** Returns whether a release is to be left alone until somebody asks for it. */
    boolean isCancelled(Deliverable deliverable) {
        return cancelled.contains(Identity.of(deliverable));
    }

    /** Returns how long a release is still to be left alone; zero when it may be tried. */
    Duration wait(Deliverable deliverable) {
        return left(Identity.of(deliverable)::equals);
    }

    /** Returns how long the release with that tag is still to be left alone, whatever its artifact. */
    Duration wait(String tag) {
        return left(release -> release.tag().equals(tag));
    }

    private Duration left(Predicate<Identity> which) {
        long left = failed.entrySet().stream()
                .filter(release -> which.test(release.getKey()))
                .mapToLong(release -> release.getValue().retryAt() - nanoTime.getAsLong())
                .max()
                .orElse(0);
        return Duration.ofNanos(Math.max(0, left));
    }

    /** Forgets what one release failed at. */
    void forget(Deliverable deliverable) {
        failed.remove(Identity.of(deliverable));
    }

    void clear() {
        failed.clear();
        cancelled.clear();
    }
}
