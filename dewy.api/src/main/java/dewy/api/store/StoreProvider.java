package dewy.api.store;

import dewy.api.plugin.Provider;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens stores. Instances that are opened by one URL for apps of one name are at one store, whichever host they are on;
 * those of apps of different names see nothing of each other.
 */
@ConsumerType
public interface StoreProvider extends Provider<Store> {}
