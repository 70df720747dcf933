package dewy.api.control;

import dewy.api.DewyException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The evidence of deployments that failed. It is kept, the newest of each app, also when the release itself is pruned and
 * after the agent is started again. Safe for use by several threads.
 */
@ProviderType
public interface Capsules {
    /**
     * Returns those of an app, or of all, the newest first.
     *
     * @throws dewy.api.NotFoundException if there is no such app
     * @throws dewy.api.StorageException if they cannot be read
     */
    List<Capsule> list(Optional<String> app) throws DewyException;

    /**
     * Returns the evidence itself.
     *
     * @param id the id, or the beginning of it that no other one has
     * @throws dewy.api.NotFoundException if there is none, or several begin so
     * @throws dewy.api.StorageException if it cannot be read
     */
    Evidence open(String id) throws DewyException;
}
