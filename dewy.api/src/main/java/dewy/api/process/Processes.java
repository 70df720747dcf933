package dewy.api.process;

import dewy.api.DewyException;
import org.osgi.annotation.versioning.ProviderType;

/** Starts child processes. Safe for use by several threads. */
@ProviderType
public interface Processes {
    /**
     * Starts a child process.
     *
     * @throws dewy.api.ApplicationException if the program is missing or cannot be executed
     * @throws dewy.api.InvalidException if the user or group is unknown, or may not be taken on
     * @throws dewy.api.StorageException if the output file cannot be opened
     */
    ChildProcess spawn(Spawn spawn) throws DewyException;
}
