package dewy.api.plugin;

import dewy.api.InvalidException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A provider whose instances can take over from an earlier instance of the same plugin.
 *
 * @param <T> what it opens
 */
@ConsumerType
public interface AdoptingProvider<T extends AutoCloseable> extends Provider<T> {
    /**
     * Returns the {@linkplain HandoverState#format format} in which its instances hand over what they hold. Another version of
     * the plugin takes its place only if either {@linkplain #adopts adopts} what the other one hands over, so that there is a
     * way back.
     */
    default int format() {
        return 1;
    }

    /** Returns whether {@link #adopt} knows a format. */
    default boolean adopts(int format) {
        return format == format();
    }

    /**
     * Opens an instance that goes on where its predecessor stopped.
     *
     * @throws InvalidException if the URL is wrong, or the state has a format that this version does not know
     */
    T adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException;
}
