package dewy.api.store;

import java.util.Optional;

/**
 * What is to be deleted, and on which conditions.
 *
 * @param key what is deleted
 * @param revision the one that the key must have
 * @param lease which must still be held
 */
public record Delete(String key, long revision, Optional<Lease> lease) {
    /** Returns the deletion of a key that must be as it was read. */
    public static Delete of(Entry entry) {
        return new Delete(entry.key(), entry.revision(), Optional.empty());
    }

    /** Returns the same deletion, for whoever holds a lease. */
    public Delete under(Lease held) {
        return new Delete(key, revision, Optional.of(held));
    }
}
