package dewy.api.registry;

import dewy.api.plugin.Provider;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens registries: the URL is the value of {@code --registry}, without the parameters that core itself reads. */
@ConsumerType
public interface RegistryProvider extends Provider<Registry> {}
