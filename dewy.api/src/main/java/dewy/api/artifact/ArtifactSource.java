package dewy.api.artifact;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place where the bytes of artifacts come from. An instance may also implement {@link Locating}, and
 * where it has images {@link Authorizing}. Safe for use by several
 * threads.
 */
@ConsumerType
public interface ArtifactSource extends AutoCloseable {
    /**
     * Opens the artifact of a deliverable.
     *
     * @param offset how many bytes are held already; the source may start over, and says so in the stream's offset
     * @param validator what the earlier stream of the same artifact had as its validator; when the content has changed
     *     since, the source starts over
     * @throws dewy.api.NotFoundException if there is no such artifact
     * @throws dewy.api.NotYetThereException if it is still being uploaded
     */
    ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException;

    @Override
    void close();
}
