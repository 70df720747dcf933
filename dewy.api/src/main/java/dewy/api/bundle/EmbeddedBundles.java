package dewy.api.bundle;

import dewy.api.DewyException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The bundles that came with the launcher; a service. Safe for use by several threads. */
@ProviderType
public interface EmbeddedBundles {
    /** Returns the plugins among them, whether they are installed or not. Reads nothing but an index. */
    List<EmbeddedPlugin> plugins();

    /**
     * Installs a plugin, unless it is installed, and installs and starts what it needs of the other bundles. The plugin itself
     * is not started.
     *
     * @param symbolicName of one of {@link #plugins}
     * @return the number of its bundle in the framework
     * @throws dewy.api.NotFoundException if there is none of that name
     * @throws dewy.api.StorageException if it cannot be copied to the agent home
     * @throws dewy.api.InvalidException if the framework refuses a bundle
     */
    long install(String symbolicName) throws DewyException;
}
