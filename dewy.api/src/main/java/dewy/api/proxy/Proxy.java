package dewy.api.proxy;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.route.Router;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries the traffic of one app to its backends. It is driven by data only, since its data plane may be another process.
 * Safe for use by several threads. An instance implements {@link dewy.api.plugin.Handover} as well: what is routed, and what
 * is in flight, outlives it.
 */
@ConsumerType
public interface Proxy extends Router, AutoCloseable {
    /**
     * Starts to accept connections on all listeners of its URL; they are held for a moment until there are backends. Does
     * nothing when it was started, or has adopted what was. Where the URL names other listeners than what was adopted, as
     * when the app was changed, those that are missing are opened, and those that it does not name are closed.
     *
     * @throws DewyException if one of them cannot be opened; then nothing was opened or closed
     */
    void start(Call call) throws DewyException;

    /** Returns what passed since the proxy was started first; what was handed over counts. */
    ProxyStatistics statistics(Call call) throws DewyException;

    /** Stops listening and cuts what is in flight, within 5 s, unless it was handed over. */
    @Override
    void close();
}
