package dewy.api.proxy;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.route.Router;
import java.time.Duration;
import java.util.List;
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

    /** As of any router; before it was started, nothing is in flight. */
    @Override
    int drain(Call call, String backend, Duration limit) throws DewyException;

    /** Returns what passed since the proxy was started first; what was handed over counts. */
    ProxyStatistics statistics(Call call) throws DewyException;

    /**
     * Has what arrives from now on, at all listeners, be served, held, or refused. It holds until it is changed: for a
     * successor, for a data plane that takes the place of another one, and after an agent that was killed.
     *
     * @throws dewy.api.InvalidException if this proxy can only serve; then it does so still
     */
    default void admit(Call call, Admission admission) throws DewyException {
        throw new InvalidException(new Problem(
                "hold or refuse",
                "what arrives",
                "the proxy of the app can only serve",
                "Use another one, such as --proxy builtin"));
    }

    /** Returns what was asked for by {@link #admit}, at once. */
    default Admission admission() {
        return Admission.SERVING;
    }

    /** Returns what the app answers to at its listeners, for people; empty where it answers to everything. */
    default List<String> hosts() {
        return List.of();
    }

    /**
     * Stops listening as soon as nothing is in flight: what was accepted is served, and nothing more is accepted. Does nothing
     * in a proxy that can only be closed.
     *
     * @param limit how long what is in flight may take; what is left then is cut
     */
    default void finish(Call call, Duration limit) throws DewyException {}

    /** Stops listening and cuts what is in flight, within 5 s, unless it was handed over. */
    @Override
    void close();
}
