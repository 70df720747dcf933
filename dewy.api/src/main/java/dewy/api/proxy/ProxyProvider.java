package dewy.api.proxy;

import dewy.api.plugin.AdoptingProvider;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens proxies. The URL is made by core from the options of the app: the scheme is the value of {@code --proxy}; the
 * parameter {@code port} has the addresses of the listeners, and each option that begins with {@code proxy-} is a parameter
 * of the name behind that.
 */
@ConsumerType
public interface ProxyProvider extends AdoptingProvider<Proxy> {}
