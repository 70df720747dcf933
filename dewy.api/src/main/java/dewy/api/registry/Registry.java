package dewy.api.registry;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place where releases are announced.
 *
 * <p>Core polls one instance from one thread at a time, and closes it when the app goes or another plugin takes over. An
 * instance may also implement {@link Outlining}, {@link Reporting} and {@link Waking}.
 */
@ConsumerType
public interface Registry extends AutoCloseable {
    /**
     * Asks what there is. An idle poll, where nothing has changed since the cursor, must be cheap: what it costs at most
     * (requests, bytes, calls of the system) is bounded, however many releases there are, and each registry documents it.
     *
     * @param cursor where the last poll ended, also one of an earlier version of this plugin; a cursor that is not
     *     understood counts as none
     * @throws DewyException typed by what failed; "unreachable" is never reported as "no releases"
     */
    Poll poll(Call call, Optional<Cursor> cursor) throws DewyException;

    /**
     * Completes the description of the artifact that core selected: its digest above all. Called once for each newly
     * selected artifact, and again when its deployment failed, so it may cost a request.
     *
     * @return the artifact, described as fully as it can be without fetching it
     * @throws dewy.api.NotYetThereException if it is still being uploaded
     */
    default Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        return artifact;
    }

    @Override
    void close();
}
