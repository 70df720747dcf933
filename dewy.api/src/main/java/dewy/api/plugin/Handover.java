package dewy.api.plugin;

import dewy.api.Call;
import dewy.api.DewyException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Implemented by an instance that holds something its successor must have: running processes, open sockets, connections.
 * Exactly one of {@link #commit} and {@link #abort} follows each {@link #prepare}.
 */
@ConsumerType
public interface Handover {
    /** Stops taking on new work, without ending any, and tells the successor what it needs to go on. */
    HandoverState prepare(Call call) throws DewyException;

    /** The successor has taken over: a later close releases nothing that was handed over. */
    void commit();

    /** The successor failed: work goes on here as if nothing had been prepared. */
    void abort();
}
