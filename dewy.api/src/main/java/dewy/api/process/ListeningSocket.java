package dewy.api.process;

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

    /** Stops listening. Leases and inherited descriptors keep the socket open until they are closed too. */
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
