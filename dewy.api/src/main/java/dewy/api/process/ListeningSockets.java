package dewy.api.process;

import dewy.api.DewyException;
import dewy.api.Registration;
import org.osgi.annotation.versioning.ProviderType;

/** Opens listening sockets. Safe for use by several threads. */
@ProviderType
public interface ListeningSockets {
    /**
     * Opens a listening socket, with SO_REUSEADDR and SO_REUSEPORT. A stale unix socket, to which nobody listens, is
     * replaced.
     *
     * @throws dewy.api.InvalidException if the address does not exist on this host, is not permitted, or is in use by
     *     somebody else
     */
    ListeningSocket listen(ListeningAddress address) throws DewyException;

    /**
     * Has sockets outlive their users until the result is closed: one that nothing of this process has open any more waits for
     * whoever listens at its address next, who gets it. What connects in between waits with it, where it would be refused.
     */
    default Registration keepOpen() {
        return () -> {};
    }
}
