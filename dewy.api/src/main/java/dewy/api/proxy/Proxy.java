package dewy.api.proxy;

import dewy.api.Call;
import dewy.api.DewyException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries the traffic of one app to its backends. It is driven by data only, since its data plane may be another process.
 * Safe for use by several threads.
 */
@ConsumerType
public interface Proxy extends AutoCloseable {
    /** Starts to accept connections on all listeners of its URL; they are held for a moment until there are backends. */
    void start(Call call) throws DewyException;

    /**
     * Replaces the backends of a listener in one step: a request is sent either to the old set or to the new one.
     * Requests in flight stay where they are.
     */
    void route(Call call, String listener, List<Backend> backends) throws DewyException;

    /**
     * Waits until nothing is in flight to a backend that is in no set any more; at the deadline of the call what is left
     * is closed.
     *
     * @return how many requests or connections were cut
     */
    int drain(Call call, Backend backend) throws DewyException;

    /** Returns what passed since the proxy was started. */
    ProxyStatistics statistics(Call call) throws DewyException;

    @Override
    void close();
}
