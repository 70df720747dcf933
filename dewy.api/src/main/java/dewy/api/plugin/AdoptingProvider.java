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
     * Opens an instance that goes on where its predecessor stopped.
     *
     * @throws InvalidException if the URL is wrong, or the state has a format that this version does not know
     */
    T adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException;
}
