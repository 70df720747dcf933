package dewy.api.runtime;

import dewy.api.Call;
import dewy.api.DewyException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Implemented by a runtime whose apps run as replicas, such as containers: how many there are to be, the parameter {@code
 * replicas} of its URL says. An instance of one number hands over to that of another one, and nothing is lost of what serves:
 * so an app is scaled. Safe for use by several threads.
 */
@ConsumerType
public interface Replicated {
    /**
     * Returns how each replica is doing: those that serve first, the oldest before the others, then those that are to come or to
     * go. Nothing is waited for that takes the runtime longer than a look.
     */
    List<ReplicaStatus> replicas(Call call) throws DewyException;

    /**
     * Has there be as many replicas as there should be of what was activated last, and returns once all of them serve, and those
     * that are too many get nothing any more. Does nothing when that is so, or nothing serves.
     *
     * @throws dewy.api.ApplicationException if one does not become ready; what serves goes on, and what is missing is tried again
     *     in the background
     */
    void complete(Call call) throws DewyException;
}
