package dewy.api.process;

import dewy.api.DewyException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Opens sockets for what sd_notify(3) sends. Safe for use by several threads. */
@ProviderType
public interface NotifySockets {
    /**
     * Opens a socket under a name that nobody can guess.
     *
     * @param user the user whose processes may write to it, beside that of the agent
     * @param listener is given the assignments of each message ({@code READY=1}, {@code STATUS=…}), on a thread of the
     *     socket's own; what is no such message is left out
     * @throws dewy.api.StorageException if there is no place for it
     */
    NotifySocket open(Optional<String> user, Consumer<Map<String, String>> listener) throws DewyException;
}
