package dewy.api.process;

import dewy.api.DewyException;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A listening socket that the agent owns. Connections queue in it from the moment it is opened, whoever accepts them, so
 * none is refused while one generation follows another. Safe for use by several threads.
 */
@ProviderType
public interface ListeningSocket extends Inheritable, AutoCloseable {
    /**
     * Returns whether this stands in for the socket of a process that survived an earlier agent and that could not be
     * had: what connects from now on waits here, and that process must be replaced.
     */
    boolean isSubstitute();

    /** Returns where it listens, with the port that was found when 0 was asked for. */
    ListeningAddress address();

    /**
     * Returns a duplicate of its descriptor for somebody to use and close; it is closed on exec unless it is passed on.
     *
     * @throws IllegalStateException if the socket was closed
     */
    DescriptorLease lease();

    /**
     * Returns another one of the same socket, for somebody else who shares it and closes it for himself: it stops listening
     * with the last of them. Each is inherited for itself.
     *
     * @throws dewy.api.StorageException if this process may not have more descriptors
     * @throws IllegalStateException if the socket was closed
     */
    ListeningSocket duplicate() throws DewyException;

    /**
     * Gives another process a duplicate of its descriptor, over a unix socket at which that process accepts connections: a
     * connection brings one byte that carries the descriptor (SCM_RIGHTS), then the name, then its end. The socket does not
     * block from then on, whoever accepts from it.
     *
     * @param socket at most 107 bytes long
     * @param name in printable ASCII
     * @throws dewy.api.UnreachableException if nobody accepts connections there
     * @throws IllegalStateException if the socket was closed
     */
    void passTo(Path socket, String name) throws DewyException;

    /** Stops listening. Duplicates, leases and inherited descriptors keep the socket open until they are closed too. */
    @Override
    void close();

    @Override
    default void end(Duration limit) {
        close();
    }

    /** Closes what this process has of it: whoever inherited it goes on to accept. */
    @Override
    default void letGo() {
        close();
    }
}
