package dewy.api.control;

import dewy.api.DewyException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who changed what, and from where. What the agent does is noted by itself; who lets people ask for something notes who asked,
 * and how that ended. Safe for use by several threads.
 */
@ProviderType
public interface Audit {
    /**
     * Notes a change; when this returns it survives a power cut. It never fails: where it cannot be written the log says so,
     * and what was asked for goes on.
     */
    void note(AuditEntry entry);

    /**
     * Returns the newest entries, the last one first.
     *
     * @param app of which app; empty for all, and those of no app
     * @param most how many at most
     * @throws dewy.api.StorageException if they cannot be read
     */
    List<AuditEntry> newest(Optional<String> app, int most) throws DewyException;
}
