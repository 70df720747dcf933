package dewy.api.store;

/**
 * A value that a store holds.
 *
 * @param key under which it is held
 * @param value any text
 * @param revision at which it was written: positive, greater with each write of the key, and never the same again, also
 *     when the key was deleted or has expired meanwhile. Revisions of different keys say nothing about each other.
 */
public record Entry(String key, String value, long revision) {}
