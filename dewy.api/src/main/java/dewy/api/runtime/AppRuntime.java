package dewy.api.runtime;

import dewy.api.Call;
import dewy.api.DewyException;
import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs one app, generation after generation. Safe for use by several threads; core activates from one at a time. An
 * instance that holds something running implements {@link dewy.api.plugin.Handover} as well, and one that runs images
 * {@link ImageStore}.
 *
 * <p>An app with a proxy has a {@link dewy.api.plugin.AppContext#router router}. Then whatever changes what serves (an
 * activation, a restart, a start after a crash, a stop) moves traffic in this order: the new generation is ready, its
 * backends are routed to, those of the one before are drained, and only then these are told to go. A routing that fails
 * fails the activation: traffic is moved back, and the new generation is ended.
 */
@ConsumerType
public interface AppRuntime extends AutoCloseable {
    /**
     * Gets ready what can be made ready before the switch, such as an image that must be pulled, and finds out what would
     * keep the new generation from starting, as far as that can be known. Serving goes on meanwhile. When this throws,
     * nothing was changed.
     *
     * @throws dewy.api.ApplicationException if what is to run is at fault itself
     */
    default void prepare(Call call, Activation activation) throws DewyException {}

    /**
     * Starts a new generation and returns once it is ready and, where there is a router, has the traffic; then the generation
     * before is told to go, and ends in its own time. When this throws, the generation before goes on serving and nothing
     * of the new one is left, unless it cannot be ended: then it is ended as soon as that is possible.
     *
     * @throws dewy.api.ApplicationException if the new generation does not start or does not become ready
     */
    void activate(Call call, Activation activation) throws DewyException;

    /**
     * Replaces the running generation by a new one of the same release.
     *
     * @throws dewy.api.ApplicationException as for {@link #activate}, or if nothing was activated yet
     */
    void restart(Call call) throws DewyException;

    /** Returns how the app is doing. */
    RuntimeStatus status();

    /** Returns how long {@link #stop} is to be given when nobody is in a hurry. Returns at once. */
    default Duration stopLimit() {
        return Duration.ofSeconds(40);
    }

    /** Ends all generations, gracefully first, and returns when none is left. The instance stays usable. */
    void stop(Call call) throws DewyException;

    /** Ends all generations, within 5 s, and releases what the instance holds, unless it was handed over. */
    @Override
    void close();
}
