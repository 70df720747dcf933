package dewy.api.route;

import dewy.api.Call;
import dewy.api.DewyException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What moves the traffic of one app from one set of backends to another. A runtime has it from its {@linkplain
 * dewy.api.plugin.AppContext#router app}: so a generation serves only once traffic was moved to it, and is told to go only
 * once it was drained. Safe for use by several threads.
 */
@ConsumerType
public interface Router {
    /** Returns the listeners of the app, in the order of its options; at least one. */
    List<Listener> listeners();

    /**
     * Returns the network of a container engine in which backends are to be: they are reached there, by name, and nothing of
     * them is published on this host. Empty where they are reached at addresses of this host. It is known once the proxy was
     * started.
     */
    default Optional<ContainerNetwork> network() {
        return Optional.empty();
    }

    /**
     * Replaces the backends of some listeners in one step, of all of them at once: what arrives is sent either to a backend of
     * the old sets or to one of the new ones, and what arrives at any listener once something was sent by the new sets is sent
     * by them too. Nothing that arrives after this has returned goes to a backend that is in the old sets only. What is in
     * flight stays where it is. Replicas are exchanged one by one, or all at once, by the sets that are named. With no
     * backends at all, what arrives is held for a moment, and refused then.
     *
     * <p>When this throws, the old sets are in force at all listeners, unless the proxy itself has gone.
     *
     * @param sets backends by the name of one of the {@linkplain #listeners listeners}; a listener that is not named keeps its
     *     own
     * @throws dewy.api.InvalidException if there is no listener of a name, or two backends of a set have the same id
     */
    void route(Call call, Map<String, List<Backend>> sets) throws DewyException;

    /**
     * Waits until nothing is in flight to a backend that is in no set any more. What is left at the limit is closed, and
     * counted; the limit is no failure. A backend that is not known has nothing in flight.
     *
     * @param backend its id
     * @param limit how long what is in flight may take
     * @return how many requests, or connections where requests are not told apart, were cut
     * @throws dewy.api.InvalidException if the backend is in a set, or gets into one meanwhile: nothing was cut then
     * @throws dewy.api.CancelledException if the call was cancelled: nothing was cut then
     * @throws dewy.api.ExpiredException if the call is over before the limit: nothing was cut then
     */
    int drain(Call call, String backend, Duration limit) throws DewyException;
}
