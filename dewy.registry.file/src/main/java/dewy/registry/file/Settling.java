package dewy.registry.file;

import dewy.api.NotYetThereException;
import dewy.api.Problem;
import dewy.api.registry.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells files that are complete from files that are still being written: nobody touched them for a while. Where a file
 * claims to be from the future its age says nothing; there, two looks at it must agree. Safe for use by several threads.
 */
final class Settling {
    private record Look(Stamp stamp, Instant since) {}

    private final Duration settle;
    private final InstantSource clock;
    private final Map<Path, Look> looks = new ConcurrentHashMap<>();

    Settling(Duration settle, InstantSource clock) {
        this.settle = settle;
        this.clock = clock;
    }

    /** Returns if a file is complete, as far as can be told from outside. */
    void check(Path file, Stamp stamp) throws NotYetThereException {
        Duration missing = settle.minus(age(file, stamp));
        if (missing.compareTo(Duration.ZERO) > 0) {
            throw stillChanging(file, missing);
        }
    }

    /** As {@link #check}, for a file that a {@linkplain Registry#poll poll} saw with another size. */
    void check(Path file, Stamp stamp, long polledSize) throws NotYetThereException {
        if (!settle.isZero() && stamp.size() != polledSize) {
            throw stillChanging(file, settle);
        }
        check(file, stamp);
    }

    private Duration age(Path file, Stamp stamp) {
        Instant now = clock.instant();
        if (!stamp.modified().isAfter(now)) {
            looks.remove(file);
            return Duration.between(stamp.modified(), now);
        }
        Look look = looks.merge(file, new Look(stamp, now), (earlier, later) -> same(earlier, later) ? earlier : later);
        return Duration.between(look.since(), now);
    }

    private static boolean same(Look earlier, Look later) {
        return earlier.stamp().equals(later.stamp()) && !later.since().isBefore(earlier.since());
    }

    private static NotYetThereException stillChanging(Path file, Duration missing) {
        String advice = "An upload that is renamed into place when it is complete need not be waited for";
        return new NotYetThereException(
                Problem.of("read", file, "it changed just now and may be incomplete", advice), missing);
    }
}
