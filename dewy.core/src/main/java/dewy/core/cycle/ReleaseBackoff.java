package dewy.core.cycle;

import dewy.api.DewyException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.core.backoff.Backoff;
import dewy.core.backoff.Retries;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Leaves releases that failed alone for a while, so that they are not tried again at every poll while newer ones are still
 * looked for. For one thread.
 */
final class ReleaseBackoff {
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private final Map<Identity, Failed> failed = new HashMap<>();

    /** @param why what it failed at the last time, for people */
    private record Failed(Retries retries, String why) {}

    private record Identity(String tag, Artifact artifact) {
        static Identity of(Deliverable deliverable) {
            return new Identity(deliverable.release().tag(), deliverable.artifact());
        }
    }

    ReleaseBackoff(Backoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
    }

    /** Notes that a release failed, and at what; returns how long it is left alone. */
    Duration failed(Deliverable deliverable, DewyException failure) {
        Retries retries = find(deliverable).map(Failed::retries).orElseGet(() -> new Retries(backoff, nanoTime));
        failed.put(
                Identity.of(deliverable), new Failed(retries, failure.problem().sentence()));
        return retries.failed();
    }

    /** Returns what a release failed at the last time; empty when it did not. */
    String why(Deliverable deliverable) {
        return find(deliverable).map(Failed::why).orElse("");
    }

    /** Returns how long a release is still to be left alone; zero when it may be tried. */
    Duration left(Deliverable deliverable) {
        return find(deliverable).map(release -> release.retries().left()).orElse(Duration.ZERO);
    }

    /** Returns how long the release with that tag is still to be left alone, whatever its artifact. */
    Duration left(String tag) {
        return failed.entrySet().stream()
                .filter(release -> release.getKey().tag().equals(tag))
                .map(release -> release.getValue().retries().left())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private Optional<Failed> find(Deliverable deliverable) {
        return Optional.ofNullable(failed.get(Identity.of(deliverable)));
    }

    /** Forgets what one release failed at. */
    void forget(Deliverable deliverable) {
        failed.remove(Identity.of(deliverable));
    }

    /** Forgets what all releases failed at. */
    void forgetFailures() {
        failed.clear();
    }
}
