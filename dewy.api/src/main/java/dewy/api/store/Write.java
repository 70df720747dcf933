package dewy.api.store;

import java.time.Duration;
import java.util.Optional;

/**
 * What is to be written, and on which conditions. How long keys, values and times may be, {@link Store} says; what is longer
 * is refused with an {@link IllegalArgumentException}, so that no store has to look.
 *
 * @param key what is written: not empty, without control characters
 * @param value any text
 * @param revision the one that the key must have; 0 when it must not be there
 * @param timeToLive how long the value is kept from when it is written; without it, until it is deleted
 * @param lease which must still be held
 */
public record Write(String key, String value, long revision, Optional<Duration> timeToLive, Optional<Lease> lease) {
    public Write {
        Limits.requireKey(key);
        Limits.requireValue(value);
        timeToLive.ifPresent(Limits::requireTime);
        if (revision < 0) {
            throw new IllegalArgumentException("no key has revision " + revision);
        }
    }

    /** Returns the write of a key that must not be there. */
    public static Write create(String key, String value) {
        return new Write(key, value, 0, Optional.empty(), Optional.empty());
    }

    /** Returns the write of a key that must be as it was read. */
    public static Write replace(Entry entry, String value) {
        return new Write(entry.key(), value, entry.revision(), Optional.empty(), Optional.empty());
    }

    /** Returns the same write of a value that is forgotten after a while. */
    public Write expiring(Duration time) {
        return new Write(key, value, revision, Optional.of(time), lease);
    }

    /** Returns the same write, for whoever holds a lease. */
    public Write under(Lease held) {
        return new Write(key, value, revision, timeToLive, Optional.of(held));
    }
}
