package dewy.core.plugin;

import dewy.api.plugin.Provider;
import java.util.List;

/**
 * A provider that some bundle offers. Two offers are the same only if they are one object.
 *
 * @param <T> what it opens
 */
public interface Offer<T extends AutoCloseable> {
    Provider<T> provider();

    List<String> schemes();

    /** Returns its bundle's symbolic name and version, for people. */
    String bundle();
}
