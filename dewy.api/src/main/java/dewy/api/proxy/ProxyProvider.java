package dewy.api.proxy;

import dewy.api.plugin.AdoptingProvider;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens proxies; the URL is made by core from the options of the app. */
@ConsumerType
public interface ProxyProvider extends AdoptingProvider<Proxy> {}
