package dewy.api.process;

import dewy.api.DewyException;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Starts child processes. Safe for use by several threads. */
@ProviderType
public interface Processes {
    /**
     * Checks what can be known before a child process is made: its user and group, its working directory, whether its
     * program is there, and what runs that. What cannot be known passes.
     *
     * @param links symbolic links that will lead elsewhere by the time it is made, absolute, and where they will lead
     * @throws dewy.api.ApplicationException if the program cannot be started
     * @throws dewy.api.InvalidException if it is this host, or the command, that is to be put right: the user or group is
     *     unknown, or there are such links and the program is behind none of them
     */
    void check(Spawn spawn, Map<Path, Path> links) throws DewyException;

    /**
     * Starts a child process.
     *
     * @throws dewy.api.ApplicationException if the program is missing or cannot be executed
     * @throws dewy.api.InvalidException if the user or group is unknown, or may not be taken on
     * @throws dewy.api.StorageException if the output file cannot be opened
     */
    ChildProcess spawn(Spawn spawn) throws DewyException;
}
