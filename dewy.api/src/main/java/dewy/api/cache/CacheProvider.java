package dewy.api.cache;

import dewy.api.plugin.Provider;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens caches: the URL is the value of {@code --cache}. */
@ConsumerType
public interface CacheProvider extends Provider<Cache> {}
