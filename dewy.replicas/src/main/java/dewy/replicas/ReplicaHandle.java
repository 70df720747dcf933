package dewy.replicas;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.process.Inheritable;
import java.time.Duration;

/**
 * A replica, as something that one instance leaves to the next, or to nobody. It is found again by its labels; its
 * reference is for people.
 *
 * @param host where it is
 * @param name by which it is known there
 */
record ReplicaHandle(ReplicaHost host, String name) implements Inheritable {
    /** Beside the limit, for the host to do what it is told. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    @Override
    public String reference() {
        return "container " + name;
    }

    @Override
    public void end(Duration limit) {
        try (CancellableCall call = CancellableCall.of("end of " + reference(), limit.plus(SLACK))) {
            host.end(call, name, limit);
        } catch (DewyException e) {
            // The host is away: nobody is left to tell.
        }
    }

    /** Does nothing: it belongs to its host. */
    @Override
    public void letGo() {}
}
