package dewy.api.plugin;

import dewy.api.InvalidException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a plugin registers: it turns a plugin URL into an instance. Each kind of plugin has its own sub-interface, and the
 * service carries a {@link Plugin} property with the schemes it answers to.
 *
 * <p>Providers are safe for use by several threads. Core closes what it opened, before the provider is released.
 *
 * @param <T> what it opens
 */
@ConsumerType
public interface Provider<T extends AutoCloseable> {
    /**
     * Opens an instance for an app. The whole URL is validated at once, and nothing slow is opened: a remote is
     * contacted by the first call, not here.
     *
     * @throws InvalidException naming every unknown or malformed part of the URL
     */
    T open(PluginUrl url, AppContext app) throws InvalidException;
}
